// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.debug;

import java.util.concurrent.CompletionStage;

/** Answers one command. */
@FunctionalInterface
public interface DebugCommand {
    /**
     * A {@link TableView} or any other value that Jackson writes. Called on a thread of its own, which may wait; what only the
     * apply loop may read is asked of it.
     */
    CompletionStage<?> answer() throws Exception;
}
