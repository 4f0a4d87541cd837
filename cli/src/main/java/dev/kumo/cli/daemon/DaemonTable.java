// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kumo.cli.text.FixedWidthTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A table as the dataplane answers: names of columns, and rows with a value for each. */
public record DaemonTable(List<String> columns, JsonNode rows) {
    public DaemonTable {
        columns = List.copyOf(columns);
    }

    public static DaemonTable of(JsonNode answer) {
        var columns = new ArrayList<String>();
        answer.path("columns").forEach(column -> columns.add(column.asText()));
        return new DaemonTable(columns, answer.path("rows"));
    }

    /** The rows whose value in a column meets a condition. */
    public DaemonTable where(String column, Predicate<String> condition) {
        var kept = JsonNodeFactory.instance.arrayNode();
        rows.forEach(row -> {
            if (condition.test(row.path(column).asText())) {
                kept.add(row);
            }
        });
        return new DaemonTable(columns, kept);
    }

    /** The rows as a JSON array. */
    public String toJson() {
        return rows.toPrettyString();
    }

    public String toText() {
        var table = new FixedWidthTable(columns);
        for (JsonNode row : rows) {
            table.row(columns.stream().map(column -> cell(row.path(column))).toList());
        }
        return table.toString();
    }

    private static String cell(JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(DaemonTable::cell)
                    .collect(Collectors.joining(", "));
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
