// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Columns as wide as their widest cell, two spaces between them; headers in capitals. */
public final class FixedWidthTable {
    private final List<List<String>> lines = new ArrayList<>();
    private final int columns;

    public FixedWidthTable(List<String> headers) {
        this.columns = headers.size();
        lines.add(
                headers.stream().map(header -> header.toUpperCase(Locale.ROOT)).toList());
    }

    /** An empty cell is shown as a dash. */
    public void row(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns + " columns");
        }
        lines.add(cells.stream().map(cell -> cell.isEmpty() ? "-" : cell).toList());
    }

    @Override
    public String toString() {
        var widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        var text = new StringBuilder();
        for (List<String> line : lines) {
            var row = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                row.append(line.get(i)).repeat(" ", widths[i] - line.get(i).length() + 2);
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString().stripTrailing();
    }
}
