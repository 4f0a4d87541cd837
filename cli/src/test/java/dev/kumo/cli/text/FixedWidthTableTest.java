// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FixedWidthTableTest {
    @Test
    void alignsColumnsAndShowsEmptyCellsAsDashes() {
        var table = new FixedWidthTable(List.of("pod", "address"));
        table.row(List.of("shop/web-1", "10.244.1.5"));
        table.row(List.of("shop/a", ""));
        assertThat(table.toString()).isEqualTo("""
                        POD         ADDRESS
                        shop/web-1  10.244.1.5
                        shop/a      -""");
    }

    @Test
    void refusesARowOfAnotherWidth() {
        var table = new FixedWidthTable(List.of("pod"));
        assertThatThrownBy(() -> table.row(List.of("a", "b"))).hasMessage("2 cells for 1 columns");
    }
}
