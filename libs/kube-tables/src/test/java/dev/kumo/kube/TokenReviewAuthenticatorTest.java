// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.stream.Authentication;
import dev.kumo.stream.Reason;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenReviewAuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3600);
    private static final String TOKEN = token("[\"kumo-feeds\"]", EXPIRY);

    private final AtomicInteger reviews = new AtomicInteger();
    private volatile UnaryOperator<TokenReview> server = review -> accepted(review, "node-dataplane", "w1");
    private volatile Instant now = NOW;
    private final TokenReviewAuthenticator authenticator = new TokenReviewAuthenticator(
            review -> {
                reviews.incrementAndGet();
                return server.apply(review);
            },
            new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(java.time.ZoneId zone) {
                    return this;
                }
            },
            new SimpleMeterRegistry());

    @AfterEach
    void stop() {
        authenticator.close();
    }

    @Test
    void aDataplanesTokenNamesItsNodeUntilItExpires() {
        assertThat(authenticate(TOKEN)).isEqualTo(new Authentication.Node("w1", EXPIRY));
    }

    @Test
    void aReviewedTokenIsGoodWhileTheApiServerIsAwayUntilItExpires() {
        authenticate(TOKEN);
        server = _ -> {
            throw new KubernetesClientException("gone");
        };

        assertThat(authenticate(TOKEN)).isEqualTo(new Authentication.Node("w1", EXPIRY));
        assertThat(reviews).hasValue(1);
        assertThat(reason(authenticate(token("[\"kumo-feeds\"]", EXPIRY.plusSeconds(1)))))
                .isEqualTo(Reason.REVIEW_UNAVAILABLE);

        now = EXPIRY;
        assertThat(reason(authenticate(TOKEN))).isEqualTo(Reason.TOKEN_REJECTED);
    }

    @Test
    void aTokenForTheApiServerIsRefusedForItsAudience() {
        var refusal = authenticate(token("[\"https://kubernetes.default.svc\"]", EXPIRY));

        assertThat(reason(refusal)).isEqualTo(Reason.WRONG_AUDIENCE);
        assertThat(reviews).hasValue(0);
    }

    @Test
    void aTokenThatTheApiServerDoesNotAcceptIsRefusedAlsoWhereItSaysNothing() {
        server = review -> new TokenReviewBuilder(review)
                .withNewStatus()
                .withError("invalid bearer token")
                .endStatus()
                .build();

        assertThat(reason(authenticate(TOKEN))).isEqualTo(Reason.TOKEN_REJECTED);
        authenticate(TOKEN);
        assertThat(reviews).as("a refusal is not remembered").hasValue(2);
    }

    @Test
    void anotherServiceAccountIsRefused() {
        server = review -> accepted(review, "default", "w1");

        var refusal = authenticate(TOKEN);

        assertThat(reason(refusal)).isEqualTo(Reason.WRONG_SERVICE_ACCOUNT);
        assertThat(((Authentication.Refused) refusal).message())
                .contains("kumo-system:default")
                .doesNotContain(TOKEN);
    }

    @Test
    void aTokenThatIsBoundToNoNodeIsRefused() {
        server = review -> new TokenReviewBuilder(accepted(review, "node-dataplane", "w1"))
                .editStatus()
                .editUser()
                .withExtra(Map.of())
                .endUser()
                .endStatus()
                .build();

        assertThat(reason(authenticate(TOKEN))).isEqualTo(Reason.WRONG_NODE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "a.b.c", "..", "e30.e30.e30", "eyJ.eyJleHAiOiAieCJ9.s"})
    void whatIsNoTokenIsRefusedWithoutAskingAnyone(String garbage) {
        assertThat(reason(authenticate(garbage))).isEqualTo(Reason.NO_CREDENTIAL);
        assertThat(reviews).hasValue(0);
    }

    private Authentication authenticate(String token) {
        return authenticator.authenticate(token).toCompletableFuture().join();
    }

    private static Reason reason(Authentication answer) {
        assertThat(answer).isInstanceOf(Authentication.Refused.class);
        return ((Authentication.Refused) answer).reason();
    }

    private static TokenReview accepted(TokenReview review, String account, String node) {
        return new TokenReviewBuilder(review)
                .withNewStatus()
                .withAuthenticated(true)
                .withAudiences(review.getSpec().getAudiences())
                .withNewUser()
                .withUsername("system:serviceaccount:kumo-system:" + account)
                .withExtra(Map.of(TokenReviewAuthenticator.NODE_NAME, List.of(node)))
                .endUser()
                .endStatus()
                .build();
    }

    private static String token(String audiences, Instant expiry) {
        var claims = "{\"aud\": %s, \"exp\": %d}".formatted(audiences, expiry.getEpochSecond());
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".signature";
    }
}
