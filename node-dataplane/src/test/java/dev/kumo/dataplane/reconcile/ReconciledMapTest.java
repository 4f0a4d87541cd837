// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.stream.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconciledMapTest {
    private static final int EINVAL = 22;

    @Test
    void adoptsWhatTheKernelHoldsAndWritesOnlyWhatDiffers() {
        var kernel = new FakeKernelMap<String, Integer>("numbers");
        kernel.update("same", 1);
        kernel.update("other", 1);
        kernel.update("stale", 1);
        var map = new ReconciledMap<>(kernel);
        var before = kernel.writes();

        map.load();
        map.setDesired("same", 1);
        map.setDesired("other", 2);
        map.setDesired("new", 3);

        assertThat(map.pending()).isEqualTo(3);
        assertThat(map.applyUpdates(Slice.unlimited()).isClean()).isTrue();
        assertThat(kernel.contents()).isEqualTo(Map.of("same", 1, "other", 2, "new", 3, "stale", 1));
        assertThat(map.applyDeletes(Slice.unlimited()).isClean()).isTrue();
        assertThat(kernel.contents()).isEqualTo(Map.of("same", 1, "other", 2, "new", 3));
        assertThat(kernel.writes() - before).isEqualTo(3);
        assertThat(map.pending()).isZero();
    }

    @Test
    void refusesWhatHasNoRoomAndWritesItOnceThereIs() {
        var kernel = new FakeKernelMap<String, Integer>("numbers", 1);
        var map = new ReconciledMap<>(kernel);
        map.setDesired("a", 1);
        map.setDesired("b", 2);

        var pass = map.applyUpdates(Slice.unlimited());

        assertThat(pass.complete()).isTrue();
        assertThat(pass.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.key()).isEqualTo("b");
            assertThat(failure.reason()).isEqualTo(Reason.MAP_FULL);
            assertThat(failure.message()).isEqualTo("update numbers b: no room (1 entries)");
        });
        assertThat(map.pendingUpdates()).containsExactly("b");

        map.removeDesired("a");
        assertThat(map.applyDeletes(Slice.unlimited()).isClean()).isTrue();
        assertThat(map.applyUpdates(Slice.unlimited()).isClean()).isTrue();
        assertThat(kernel.contents()).isEqualTo(Map.of("b", 2));
    }

    @Test
    void oneRefusedKeyDoesNotKeepTheOthersFromBeingWritten() {
        var kernel = new FakeKernelMap<String, Integer>("numbers");
        kernel.refuse("a", EINVAL);
        var map = new ReconciledMap<>(kernel);
        map.setDesired("a", 1);
        map.setDesired("b", 2);

        var pass = map.applyUpdates(Slice.unlimited());

        assertThat(kernel.contents()).isEqualTo(Map.of("b", 2));
        assertThat(pass.failures()).extracting(MapFailure::reason).containsExactly(Reason.KERNEL_ERROR);
    }

    @Test
    void aPassThatIsCutIntoSlicesTriesEachKeyOnceAndTellsAllFailuresAtItsEnd() {
        var kernel = new FakeKernelMap<String, Integer>("numbers");
        kernel.refuse("k0", EINVAL);
        kernel.refuse("k7", EINVAL);
        var map = new ReconciledMap<>(kernel);
        for (var i = 0; i < 10; i++) {
            map.setDesired("k" + i, i);
        }

        var slices = 1;
        var pass = map.applyUpdates(Slice.ofSteps(3));
        while (!pass.complete()) {
            assertThat(pass.failures()).isEmpty();
            pass = map.applyUpdates(Slice.ofSteps(3));
            slices++;
        }

        assertThat(slices).isEqualTo(4);
        assertThat(kernel.writes()).isEqualTo(10);
        assertThat(pass.failures()).extracting(MapFailure::key).containsExactly("k0", "k7");

        kernel.accept("k0");
        assertThat(map.applyUpdates(Slice.unlimited()).failures())
                .extracting(MapFailure::key)
                .containsExactly("k7");
        assertThat(kernel.writes()).isEqualTo(12);
    }

    @Test
    void aFailedDeletionStaysPending() {
        var kernel = new FakeKernelMap<String, Integer>("numbers");
        kernel.update("a", 1);
        kernel.refuse("a", EINVAL);
        var map = new ReconciledMap<>(kernel);
        map.load();

        assertThat(map.applyDeletes(Slice.unlimited()).failures()).hasSize(1);
        assertThat(map.pending()).isEqualTo(1);

        kernel.accept("a");
        assertThat(map.applyDeletes(Slice.unlimited()).isClean()).isTrue();
        assertThat(map.pending()).isZero();
    }
}
