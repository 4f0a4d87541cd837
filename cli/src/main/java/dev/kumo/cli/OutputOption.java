// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import java.util.Locale;
import picocli.CommandLine.Option;

/** {@code -o}: for people or for programs. */
final class OutputOption {
    enum Format {
        SUMMARY,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "summary",
            description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Format format;

    boolean isJson() {
        return format == Format.JSON;
    }
}
