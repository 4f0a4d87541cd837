// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import java.util.Comparator;
import java.util.stream.Stream;

/** Puts columns in the order in which a class declares them; the generator sorts by path, kubectl prints as listed. */
final class PrinterColumns {
    private PrinterColumns() {}

    static void inDeclaredOrder(CustomResourceDefinitionVersion version, Class<?> type) {
        var declared = Stream.of(type.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        version.setAdditionalPrinterColumns(version.getAdditionalPrinterColumns().stream()
                .sorted(Comparator.comparing(
                        (CustomResourceColumnDefinition column) -> declared.indexOf(column.getName())))
                .toList());
    }
}
