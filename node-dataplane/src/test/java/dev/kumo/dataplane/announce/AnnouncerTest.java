// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes and everything that happens to them: one answers, and never two for longer than a second. */
class AnnouncerTest {
    private static final long SETTLED = 3_000;
    private final FakeLan lan = new FakeLan(3);

    @AfterEach
    void neverTwoForLong() {
        assertThat(lan.longestTwo()).as("ms that two nodes answered").isLessThanOrEqualTo(1000);
    }

    private void announce() {
        lan.list(5, "w1", "w2", "w3");
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
        assertThat(lan.transitions()).containsExactly("w1 CLAIMED");
        lan.longestNone();
    }

    @Test
    void theHolderAnswersAndItsNeighboursAreToldInABurst() {
        announce();
        lan.frames();
        lan.run(10_000);
        assertThat(lan.frames())
                .as("w2 probes w1, w3 both, 5 times a second, each answered")
                .isBetween(290, 302);
    }

    @Test
    void theHolderLosesPower() {
        announce();
        lan.node("w1").losePower();
        lan.run(1000);
        assertThat(lan.answering()).containsExactly("w2");
        assertThat(lan.longestNone()).isLessThanOrEqualTo(720);
        lan.run(60_000);
        assertThat(lan.transitions()).containsExactly("w2 TAKEN_OVER");

        lan.node("w1").boot();
        lan.run(SETTLED);
        assertThat(lan.answering())
                .as("its kernel is up, and it can't serve yet")
                .containsExactly("w2");
        lan.node("w1").start();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
        assertThat(lan.longestNone()).as("no gap at its return").isZero();
    }

    @Test
    void theHolderAndTheFirstBackupLosePower() {
        announce();
        lan.node("w1").losePower();
        lan.node("w2").losePower();
        lan.run(1000);
        assertThat(lan.answering()).containsExactly("w3");
        lan.node("w2").start();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w2");
        lan.node("w1").start();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
    }

    /** The first backup's kernel answers probes before its dataplane can claim. */
    @Test
    void theHolderLosesPowerWhileTheFirstBackupBoots() {
        announce();
        lan.node("w2").losePower();
        lan.run(SETTLED);
        lan.node("w2").boot();
        lan.run(SETTLED);
        lan.node("w1").losePower();
        lan.run(2_000);
        assertThat(lan.answering()).containsExactly("w3");
        assertThat(lan.longestNone()).isLessThanOrEqualTo(720 + Doubt.GRACE);
        lan.run(60_000);
        assertThat(lan.transitions()).containsExactly("w3 TAKEN_OVER");
        assertThat(lan.longestNone()).isZero();

        lan.node("w2").start();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w2");
        lan.node("w1").start();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
        assertThat(lan.longestNone()).as("no gap at their return").isZero();
    }

    @Test
    void theBackupThatServesLosesPowerWhileTheHolderBoots() {
        announce();
        lan.node("w1").losePower();
        lan.run(SETTLED);
        lan.node("w1").boot();
        lan.run(SETTLED);
        lan.longestNone();
        lan.node("w2").losePower();
        lan.run(2_000);
        assertThat(lan.answering()).containsExactly("w3");
        assertThat(lan.longestNone()).isLessThanOrEqualTo(720 + Doubt.GRACE);
        lan.node("w1").start();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
    }

    @Test
    void theFirstBackupLosesPowerAndTheHolderWhichAnswersIsAskedSeldom() {
        announce();
        lan.node("w2").losePower();
        lan.run(SETTLED);
        lan.frames();
        lan.run(60_000);
        assertThat(lan.transitions()).isEmpty();
        assertThat(lan.answering()).containsExactly("w1");
        assertThat(lan.frames())
                .as("w3 probes w1 and w2, w1 answers; once in 5 s it asks for the address; w1 repeats itself twice")
                .isBetween(900, 3 * 300 + 2 * 12 + 4);
    }

    @Test
    void aFrozenFirstBackupIsPassedOverAndGetsTheAddressOnceItThaws() {
        announce();
        lan.node("w2").freeze();
        lan.node("w1").losePower();
        lan.run(SETTLED);
        assertThat(lan.answering()).as("w2 lives, and does not claim").containsExactly("w3");
        lan.node("w2").thaw();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w2");
    }

    /** One boots while another loses power. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theThirdAnswersWhileOneBootsAndAnotherLosesPower(long seed) {
        var random = new Random(seed);
        announce();
        long term = 5;
        var order = new ArrayList<>(List.of("w1", "w2", "w3"));
        for (int i = 0; i < 40; i++) {
            var booting = order.get(random.nextInt(3));
            lan.node(booting).losePower();
            lan.run(1000 + random.nextInt(2000));
            lan.node(booting).boot();
            lan.run(random.nextInt(2000));
            var others = order.stream().filter(name -> !name.equals(booting)).toList();
            lan.node(others.get(random.nextInt(2))).losePower();
            lan.run(2_000);
            assertThat(lan.answering()).as("seed %d step %d", seed, i).hasSize(1);
            order.forEach(name -> lan.node(name).start());
            Collections.shuffle(order, random);
            lan.list(++term, order.toArray(String[]::new));
            lan.run(SETTLED);
            assertThat(lan.answering()).as("seed %d step %d mended", seed, i).containsExactly(order.getFirst());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {50, 300, 650, 2_000, 60_000})
    void theHoldersLinkGoesAndComesBack(long millis) {
        announce();
        lan.node("w1").cable(false);
        lan.run(millis);
        lan.node("w1").cable(true);
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
        lan.run(60_000);
        assertThat(lan.answering()).containsExactly("w1");
    }

    @Test
    void theHoldersLinkIsPulledWhileItIsFrozen() {
        announce();
        lan.node("w1").freeze();
        lan.node("w1").cable(false);
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w2");
        lan.node("w1").cable(true);
        lan.run(SETTLED);
        assertThat(lan.answering()).as("one answers, whoever it is").hasSize(1);
        lan.node("w1").thaw();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
    }

    @Test
    void theHoldersUserSpaceIsFrozenOrDeadAndNothingMoves() {
        announce();
        lan.node("w1").freeze();
        lan.run(60_000);
        lan.node("w1").thaw();
        lan.run(SETTLED);
        lan.node("w1").crash();
        lan.run(60_000);
        lan.node("w1").start();
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
        assertThat(lan.transitions()).as("no claim, not even at the restart").isEmpty();
        assertThat(lan.longestNone()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 700, 10_000})
    void aBackupThatSleptDoesNotTakeItsOwnSleepForSilence(long millis) {
        announce();
        lan.node("w2").freeze();
        lan.run(millis);
        lan.node("w2").thaw();
        lan.run(SETTLED);
        assertThat(lan.transitions()).isEmpty();
        assertThat(lan.answering()).containsExactly("w1");
    }

    @Test
    void aNodeWhoseOwnLinkIsDownClaimsNothing() {
        announce();
        lan.node("w2").cable(false);
        lan.run(60_000);
        assertThat(lan.transitions()).isEmpty();
        lan.node("w2").cable(true);
        lan.run(SETTLED);
        assertThat(lan.transitions()).isEmpty();
        assertThat(lan.answering()).containsExactly("w1");
    }

    @Test
    void aPlannedMoveLeavesNoGapWhoeverIsToldFirst() {
        announce();
        var moved = lan.of(6, "w2", "w3", "w1");
        lan.node("w1").told(moved);
        lan.run(SETTLED);
        assertThat(lan.answering()).as("keeps it until w2 knows").containsExactly("w1");
        lan.node("w2").told(moved);
        lan.node("w3").told(moved);
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w2");

        var back = lan.of(7, "w1", "w2", "w3");
        lan.node("w1").told(back);
        lan.run(SETTLED);
        assertThat(lan.answering()).as("w2 has yielded though its list is old").containsExactly("w1");
        lan.node("w2").told(back);
        lan.node("w3").told(back);
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
        assertThat(lan.longestNone()).isZero();
    }

    @Test
    void aMoveToANodeThatLeavesTheHolderOutOfTheListHasNoGapEither() {
        announce();
        lan.list(6, "w3", "w2");
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w3");
        assertThat(lan.longestNone()).isZero();
    }

    @Test
    void anAddressThatIsNoLongerAnnouncedIsNotAnsweredForHalfASecondLater() {
        announce();
        lan.list(6);
        lan.run(Ownership.LEAVE + 50);
        assertThat(lan.answering()).isEmpty();
        assertThat(lan.transitions()).containsExactly("w1 WITHDRAWN");
    }

    @Test
    void aHolderThatMissedAMoveDoesNotTakeTheAddressBack() {
        announce();
        lan.node("w1").cable(false);
        lan.run(SETTLED);
        var moved = lan.of(6, "w2", "w3");
        lan.node("w2").told(moved);
        lan.node("w3").told(moved);
        lan.run(60_000);
        lan.node("w1").cable(true);
        lan.run(SETTLED);
        assertThat(lan.answering()).as("w1 still goes by term 5").containsExactly("w2");
        lan.run(300_000);
        assertThat(lan.answering()).containsExactly("w2");
        lan.node("w1").told(null);
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w2");
    }

    @Test
    void theWholeNodeCrashedAndTheAddressWasMoved() {
        announce();
        lan.node("w1").crash();
        var moved = lan.of(6, "w3", "w2");
        lan.node("w2").told(moved);
        lan.node("w3").told(moved);
        lan.run(SETTLED);
        assertThat(lan.answering()).as("w1's kernel has yielded by itself").containsExactly("w3");
        lan.node("w1").start();
        lan.run(60_000);
        assertThat(lan.answering()).as("its disk says term 5").containsExactly("w3");
    }

    @Test
    void aLaterTermForTheSameHolderSaysNothingOnTheWire() {
        announce();
        lan.list(6, "w1", "w3", "w2");
        lan.run(SETTLED);
        assertThat(lan.transitions()).isEmpty();
        assertThat(lan.answering()).containsExactly("w1");
        lan.node("w1").losePower();
        lan.run(1000);
        assertThat(lan.answering()).as("the first backup by now").containsExactly("w3");
    }

    @Test
    void anOlderListIsRefusedAndTheLaterOneStays() {
        announce();
        var announcer = new Announcer("w1");
        assertThat(announcer.take(lan.of(5, "w1", "w2"))).isEmpty();
        assertThat(announcer.take(lan.of(4, "w2", "w1")))
                .hasValueSatisfying(problem -> assertThat(problem.reason()).isEqualTo(Reason.STALE_TERM));
        assertThat(announcer.take(lan.of(-1, "w2", "w1")))
                .as("terms are unsigned")
                .isEmpty();
    }

    @Test
    void twoThatClaimAtOnceSettleByRank() {
        lan.node("w1").told(lan.of(5, "w1", "w2"));
        lan.node("w2").told(lan.of(6, "w2", "w1"));
        lan.run(SETTLED);
        assertThat(lan.answering()).as("the later list's holder").containsExactly("w2");
    }

    /** Both say that they are the holder by the same term, which no announcer should; they contest it every ten seconds. */
    @Test
    void twoHoldersOfOneTermDoNotFillTheWire() {
        lan.node("w1").told(lan.of(5, "w1"));
        lan.node("w2").told(lan.of(5, "w2"));
        lan.run(SETTLED);
        lan.frames();
        lan.run(60_000);
        assertThat(lan.frames()).isLessThan(100);
        assertThat(lan.answering()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aStrangersClaimIsContestedOnceInTenSeconds() {
        announce();
        lan.strangerClaims();
        assertThat(lan.answering()).isEmpty();
        lan.run(100);
        assertThat(lan.answering())
                .as("contested, since its own claim is long ago or 10 s are over")
                .isEmpty();
        lan.run(10_000);
        assertThat(lan.answering()).containsExactly("w1");
        lan.run(20_000);
        lan.strangerClaims();
        lan.run(50);
        assertThat(lan.answering()).containsExactly("w1");
    }

    @Test
    void aBackupThatTookOverByMistakeGivesBack() {
        announce();
        lan.node("w2").deaf(true);
        lan.run(2_000);
        assertThat(lan.transitions()).contains("w2 TAKEN_OVER");
        lan.node("w2").deaf(false);
        lan.run(SETTLED);
        assertThat(lan.answering()).containsExactly("w1");
    }

    /** One fault after another, each given time to settle and then mended. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void oneAnswersWhateverHappensToOneNode(long seed) {
        var random = new Random(seed);
        announce();
        long term = 5;
        var order = new ArrayList<>(List.of("w1", "w2", "w3"));
        for (int i = 0; i < 60; i++) {
            var victim = lan.node(order.get(random.nextInt(3)));
            var fault = random.nextInt(5);
            switch (fault) {
                case 0 -> victim.losePower();
                case 1 -> victim.cable(false);
                case 2 -> victim.freeze();
                case 3 -> victim.crash();
                default -> {
                    Collections.shuffle(order, random);
                    lan.list(++term, order.toArray(String[]::new));
                }
            }
            lan.run(1000 + random.nextInt(3000));
            assertThat(lan.answering())
                    .as("seed %d step %d fault %d", seed, i, fault)
                    .hasSize(1);
            switch (fault) {
                case 0, 3 -> victim.start();
                case 1 -> victim.cable(true);
                default -> victim.thaw();
            }
            lan.run(SETTLED);
            assertThat(lan.answering())
                    .as("seed %d step %d fault %d mended", seed, i, fault)
                    .containsExactly(order.getFirst());
        }
    }
}
