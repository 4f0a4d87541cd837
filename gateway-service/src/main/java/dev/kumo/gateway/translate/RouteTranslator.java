// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.kumo.gateway.model.HttpFilter.Rewrite;
import dev.kumo.gateway.plan.HttpAction;
import dev.kumo.gateway.plan.HttpAction.MirrorShare;
import dev.kumo.gateway.plan.HttpAction.Share;
import dev.kumo.gateway.plan.HttpListener;
import dev.kumo.gateway.plan.HttpListener.Entry;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.ClusterNotFoundResponseCode;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent.DenominatorType;

/** One entry of a plan as one route of Envoy. Stateless; any thread. */
final class RouteTranslator {
    /** A cluster that never is: what is sent to it gets 500. Names of Services have a slash, so it is nobody's. */
    static final String REFUSED = "refused";

    private static final int MILLION = 1_000_000;

    private RouteTranslator() {}

    static Route route(Entry entry, HttpListener listener) {
        var route = Route.newBuilder()
                .setName(entry.name())
                .setMatch(Matches.match(entry.match()))
                .addAllRequestHeadersToRemove(entry.request().remove())
                .addAllRequestHeadersToAdd(Headers.added(entry.request()))
                .addAllResponseHeadersToRemove(entry.response().remove())
                .addAllResponseHeadersToAdd(Headers.added(entry.response()));
        switch (entry.action()) {
            case HttpAction.Respond respond ->
                route.setDirectResponse(DirectResponseAction.newBuilder().setStatus(respond.status()));
            case HttpAction.Redirect redirect ->
                route.setRedirect(Redirects.redirect(redirect.redirect(), entry.match(), listener));
            case HttpAction.Forward forward -> route.setRoute(forward(forward, entry));
        }
        return route.build();
    }

    private static RouteAction forward(HttpAction.Forward forward, Entry entry) {
        var action = RouteAction.newBuilder()
                .setTimeout(Duration.newBuilder()
                        .setSeconds(forward.timeout().getSeconds())
                        .setNanos(forward.timeout().getNano()));
        var first = forward.shares().getFirst();
        if (forward.shares().size() == 1
                && forward.refused() == 0
                && first.request().isNone()
                && first.response().isNone()) {
            action.setCluster(first.cluster());
        } else {
            action.setWeightedClusters(weighted(forward));
        }
        if (forward.refused() > 0) {
            action.setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR);
        }
        forward.rewrite().ifPresent(rewrite -> rewrite(rewrite, entry, action));
        for (var mirror : forward.mirrors()) {
            if (mirror.numerator() > 0) {
                action.addRequestMirrorPolicies(mirror(mirror));
            }
        }
        return action.build();
    }

    private static WeightedCluster weighted(HttpAction.Forward forward) {
        var weighted = WeightedCluster.newBuilder();
        for (Share share : forward.shares()) {
            weighted.addClusters(ClusterWeight.newBuilder()
                    .setName(share.cluster())
                    .setWeight(UInt32Value.of(share.weight()))
                    .addAllRequestHeadersToRemove(share.request().remove())
                    .addAllRequestHeadersToAdd(Headers.added(share.request()))
                    .addAllResponseHeadersToRemove(share.response().remove())
                    .addAllResponseHeadersToAdd(Headers.added(share.response())));
        }
        if (forward.refused() > 0) {
            weighted.addClusters(
                    ClusterWeight.newBuilder().setName(REFUSED).setWeight(UInt32Value.of(forward.refused())));
        }
        return weighted.build();
    }

    private static void rewrite(Rewrite rewrite, Entry entry, RouteAction.Builder action) {
        if (!rewrite.host().isEmpty()) {
            action.setHostRewriteLiteral(rewrite.host());
        }
        rewrite.path().ifPresent(change -> {
            switch (PathRewrite.of(change, entry.match().path())) {
                case PathRewrite.Full full -> action.setRegexRewrite(PathRewrite.whole(full.path()));
                case PathRewrite.Prefix prefix -> action.setPrefixRewrite(prefix.replacement());
                case PathRewrite.Cut cut -> action.setRegexRewrite(cut.substitution());
            }
        });
    }

    private static RequestMirrorPolicy mirror(MirrorShare mirror) {
        var policy =
                RequestMirrorPolicy.newBuilder().setCluster(mirror.cluster()).setDisableShadowHostSuffixAppend(true);
        if (mirror.numerator() < mirror.denominator()) {
            policy.setRuntimeFraction(RuntimeFractionalPercent.newBuilder()
                    .setDefaultValue(FractionalPercent.newBuilder()
                            .setNumerator((int) ((long) mirror.numerator() * MILLION / mirror.denominator()))
                            .setDenominator(DenominatorType.MILLION)));
        }
        return policy.build();
    }
}
