// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import picocli.CommandLine.Option;

/** {@code --help}, as every command has it. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;
}
