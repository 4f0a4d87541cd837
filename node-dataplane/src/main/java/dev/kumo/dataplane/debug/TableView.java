// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.debug;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table for people: column names such as "address" and rows with a value for each of them.
 *
 * @param rows by column; values are strings, numbers, booleans or lists of them
 */
@RegisterForReflection
public record TableView(List<String> columns, List<Map<String, Object>> rows) {
    public TableView {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    public static Builder columns(String... names) {
        return new Builder(List.of(names));
    }

    /** Collects rows. */
    public static final class Builder {
        private final List<String> columns;
        private final List<Map<String, Object>> rows = new ArrayList<>();

        private Builder(List<String> columns) {
            this.columns = columns;
        }

        /** @throws IllegalArgumentException if there isn't a value for each column */
        public Builder row(Object... values) {
            if (values.length != columns.size()) {
                throw new IllegalArgumentException(values.length + " values for columns " + columns);
            }
            var row = new LinkedHashMap<String, Object>();
            for (int i = 0; i < values.length; i++) {
                row.put(columns.get(i), values[i]);
            }
            rows.add(row);
            return this;
        }

        public TableView build() {
            return new TableView(columns, rows);
        }
    }
}
