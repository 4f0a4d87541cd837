// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

/** One class's entries in one direction: a table for everybody, and one for each peer of whom more is said. */
final class DirectionPlanning {
    private final Coverage coverage;
    private final EntryWriter writer;

    DirectionPlanning(Coverage coverage, EntryWriter writer) {
        this.coverage = coverage;
        this.writer = writer;
    }

    void plan() {
        var everybody = coverage.ofEverybody();
        var base = coverage.table(everybody);
        writer.everybody(base);
        for (int identity : coverage.identities()) {
            var coverings = coverage.of(identity);
            if (!coverings.equals(everybody) && !writer.isFull()) {
                writer.identity(identity, coverage.table(coverings), base);
            }
        }
        new BlockPlanning(coverage, writer).plan(base);
    }
}
