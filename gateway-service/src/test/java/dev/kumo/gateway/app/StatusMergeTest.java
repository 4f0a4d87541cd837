// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusMergeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00.123Z");
    private static final String US = "us";

    @Test
    void aConditionWhoseStatusStaysKeepsItsTime() {
        var merged = merge(
                "{conditions: [{type: A, status: 'True', message: old, lastTransitionTime: then},"
                        + " {type: B, status: 'False', lastTransitionTime: then}]}",
                "{conditions: [{type: A, status: 'True', message: new}, {type: B, status: 'True'}]}");
        assertThat(merged)
                .isEqualTo(canonical("{conditions: [{type: A, status: 'True', message: new, lastTransitionTime: then},"
                        + " {type: B, status: 'True', lastTransitionTime: '2026-01-02T00:00:00Z'}]}"));
    }

    @Test
    void whatOthersSayStays() {
        var merged = merge(
                "{theirs: 1, conditions: [{type: Theirs, status: 'True', lastTransitionTime: then}]}",
                "{conditions: [{type: A, status: 'True'}]}");
        assertThat(merged.toString()).contains("theirs=1", "Theirs", "type=A");
    }

    @Test
    void ofParentsOnlyOursAreReplaced() {
        var merged = merge(
                "{parents: [{controllerName: us, parentRef: {name: old}, conditions: []},"
                        + " {controllerName: them, parentRef: {name: x}}]}",
                "{parents: [{controllerName: us, parentRef: {name: new}, conditions: [{type: A, status: 'True'}]}]}");
        assertThat(merged.toString()).contains("them", "name=new").doesNotContain("name=old");
    }

    @Test
    void listenersAreMatchedByName() {
        var merged = merge(
                "{listeners: [{name: a, attachedRoutes: 1, conditions: [{type: A, status: 'True', lastTransitionTime: then}]},"
                        + " {name: gone, conditions: []}]}",
                "{listeners: [{name: b, conditions: [{type: A, status: 'True'}]},"
                        + " {name: a, attachedRoutes: 2, conditions: [{type: A, status: 'True'}]}]}");
        assertThat(merged)
                .isEqualTo(
                        canonical(
                                "{listeners: [{name: b, conditions: [{type: A, status: 'True', lastTransitionTime: '2026-01-02T00:00:00Z'}]},"
                                        + " {name: a, attachedRoutes: 2, conditions: [{type: A, status: 'True', lastTransitionTime: then}]}]}"));
    }

    @Test
    void whatSaysTheSameIsTheSameWhateverItsNumbersAre() {
        Map<String, Object> present = Map.of("count", 7, "none", Map.of());
        assertThat(StatusMerge.merge(present, Map.of("count", 7L), US, NOW)).isEqualTo(StatusMerge.canonical(present));
    }

    @Test
    void messagesAndCountsAreDetails() {
        var before = canonical(
                "{listeners: [{name: a, attachedRoutes: 1, conditions: [{type: A, status: 'True', message: 1 of 3}]}]}");
        var later = canonical(
                "{listeners: [{name: a, attachedRoutes: 7, conditions: [{type: A, status: 'True', message: 3 of 3}]}]}");
        var worse = canonical(
                "{listeners: [{name: a, attachedRoutes: 1, conditions: [{type: A, status: 'False', message: 1 of 3}]}]}");

        assertThat(StatusMerge.withoutDetails(later)).isEqualTo(StatusMerge.withoutDetails(before));
        assertThat(StatusMerge.withoutDetails(worse)).isNotEqualTo(StatusMerge.withoutDetails(before));
    }

    private static Map<String, Object> merge(String present, String wanted) {
        return StatusMerge.merge(map(present), map(wanted), US, NOW);
    }

    private static Object canonical(String yaml) {
        return StatusMerge.canonical(map(yaml));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(String yaml) {
        return new KubernetesSerialization().unmarshal("---\n" + yaml, Map.class);
    }
}
