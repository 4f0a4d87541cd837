// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import dev.kumo.stream.Authentication;
import dev.kumo.stream.FeedAuthenticator;
import dev.kumo.stream.Reason;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API server whose token it is (TokenReview, audience {@code kumo-feeds}). An accepted one is remembered by its
 * hash until it expires, so that feeds reconnect while the API server is away; a refusal is never remembered.
 *
 * <p>Any thread; reviews run on named platform threads. The node's name comes from the token's extra attribute
 * {@code authentication.kubernetes.io/node-name} (KEP-4193).
 */
public final class TokenReviewAuthenticator implements FeedAuthenticator, AutoCloseable {
    public static final String AUDIENCE = "kumo-feeds";

    static final String NODE_NAME = "authentication.kubernetes.io/node-name";
    static final String DATAPLANE = "system:serviceaccount:kumo-system:node-dataplane";

    /** Two tokens of each node of a very large cluster; beyond it the eldest is asked for again. */
    private static final int REMEMBERED = 20_000;

    private static final int THREADS = 4;

    private final UnaryOperator<TokenReview> review;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("token-review-", 0).daemon(true).factory());
    private final Map<String, Authentication.Node> accepted = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Authentication.Node> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param review creates the TokenReview and returns it answered; blocks */
    public TokenReviewAuthenticator(UnaryOperator<TokenReview> review, Clock clock, MeterRegistry metrics) {
        this.review = review;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public CompletionStage<Authentication> authenticate(String bearerToken) {
        var token = BearerToken.parse(bearerToken);
        if (token.isEmpty()) {
            return answered(new Authentication.Refused(Reason.NO_CREDENTIAL, "no ServiceAccount token"));
        }
        if (!token.get().audiences().contains(AUDIENCE)) {
            return answered(new Authentication.Refused(
                    Reason.WRONG_AUDIENCE, "audiences " + token.get().audiences() + " instead of " + AUDIENCE));
        }
        if (!token.get().expiry().isAfter(clock.instant())) {
            return answered(new Authentication.Refused(
                    Reason.TOKEN_REJECTED, "expired at " + token.get().expiry()));
        }
        var known = remembered(token.get());
        if (known != null) {
            count("REMEMBERED");
            return CompletableFuture.completedFuture(known);
        }
        return CompletableFuture.supplyAsync(() -> ask(bearerToken, token.get()), threads)
                .thenCompose(TokenReviewAuthenticator.this::answered);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private synchronized Authentication.@Nullable Node remembered(BearerToken token) {
        var known = accepted.get(token.fingerprint());
        if (known != null && !known.expiry().isAfter(clock.instant())) {
            accepted.remove(token.fingerprint());
            return null;
        }
        return known;
    }

    private Authentication ask(String bearerToken, BearerToken token) {
        try {
            var answer = review.apply(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(bearerToken)
                            .withAudiences(AUDIENCE)
                            .endSpec()
                            .build())
                    .getStatus();
            var judged = judge(answer, token);
            if (judged instanceof Authentication.Node node) {
                synchronized (this) {
                    accepted.put(token.fingerprint(), node);
                }
            }
            return judged;
        } catch (KubernetesClientException e) {
            return new Authentication.Refused(Reason.REVIEW_UNAVAILABLE, "TokenReview: HTTP " + e.getCode());
        }
    }

    private static Authentication judge(@Nullable TokenReviewStatus status, BearerToken token) {
        // Null, not false, when the audience doesn't fit.
        if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
            return new Authentication.Refused(Reason.TOKEN_REJECTED, "the API server does not accept the token");
        }
        if (!status.getAudiences().contains(AUDIENCE)) {
            return new Authentication.Refused(Reason.WRONG_AUDIENCE, "accepted for " + status.getAudiences());
        }
        var user = status.getUser().getUsername();
        if (!DATAPLANE.equals(user)) {
            return new Authentication.Refused(Reason.WRONG_SERVICE_ACCOUNT, user + " instead of " + DATAPLANE);
        }
        return Optional.ofNullable(status.getUser().getExtra())
                .map(extra -> extra.get(NODE_NAME))
                .filter(nodes -> nodes.size() == 1)
                .map(List::getFirst)
                .<Authentication>map(node -> new Authentication.Node(node, token.expiry()))
                .orElseGet(() -> new Authentication.Refused(
                        Reason.WRONG_NODE, "the token is not bound to a pod on a node (" + NODE_NAME + ")"));
    }

    private CompletionStage<Authentication> answered(Authentication answer) {
        count(
                answer instanceof Authentication.Refused refused
                        ? refused.reason().name()
                        : "ACCEPTED");
        return CompletableFuture.completedFuture(answer);
    }

    private void count(String outcome) {
        metrics.counter("kumo.feed.authentications", "outcome", outcome).increment();
    }
}
