// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import dev.kumo.policy.model.SecurityLabels;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One condition on the labels of an identity.
 *
 * @param source where the label must come from: {@code k8s}, {@code reserved}, or {@code any}
 * @param key without its source
 * @param values of {@link Operator#IN} and {@link Operator#NOT_IN}; else empty
 */
public record Requirement(String source, String key, Operator operator, SortedSet<String> values)
        implements Comparable<Requirement> {
    public static final String KUBERNETES = "k8s";
    public static final String RESERVED = "reserved";
    public static final String ANY = "any";

    private static final List<String> SOURCES = List.of(KUBERNETES, RESERVED);
    private static final Comparator<Requirement> ORDER = Comparator.comparing(Requirement::toString);

    /** What must hold of the label; as in Kubernetes, NotIn also holds of labels that lack the key. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        ABSENT
    }

    public Requirement {
        values = Collections.unmodifiableSortedSet(new TreeSet<>((Collection<String>) values));
    }

    public static Requirement equal(String source, String key, String value) {
        return new Requirement(source, key, Operator.IN, new TreeSet<>(List.of(value)));
    }

    public static Requirement exists(String source, String key) {
        return new Requirement(source, key, Operator.EXISTS, new TreeSet<>());
    }

    public boolean matches(SecurityLabels labels) {
        var found = value(labels);
        return switch (operator) {
            case IN -> found.filter(values::contains).isPresent();
            case NOT_IN -> found.filter(values::contains).isEmpty();
            case EXISTS -> found.isPresent();
            case ABSENT -> found.isEmpty();
        };
    }

    /** The labels that it may be about, with their source; the first that there is counts. */
    public Stream<String> keys() {
        var sources = source.equals(ANY) ? SOURCES.stream() : Stream.of(source);
        return sources.map(from -> from + ":" + key);
    }

    private Optional<String> value(SecurityLabels labels) {
        return keys().flatMap(name -> Optional.ofNullable(labels.byKey().get(name)).stream())
                .findFirst();
    }

    @Override
    public int compareTo(Requirement other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "%s:%s %s %s".formatted(source, key, operator, values);
    }
}
