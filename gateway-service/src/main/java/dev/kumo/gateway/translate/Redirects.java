// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import dev.kumo.gateway.model.HttpFilter.Redirect;
import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.plan.HttpListener;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction.RedirectResponseCode;

/**
 * Redirections. A port that the filter leaves out is its scheme's, or without a scheme the listener's.
 * Stateless; any thread.
 */
final class Redirects {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private Redirects() {}

    static RedirectAction redirect(Redirect redirect, HttpMatch match, HttpListener listener) {
        var action =
                RedirectAction.newBuilder().setHostRedirect(redirect.host()).setResponseCode(code(redirect.status()));
        if (!redirect.scheme().isEmpty()) {
            action.setSchemeRedirect(redirect.scheme());
        }
        int usualHere = listener.isTls() ? HTTPS : HTTP;
        int usual = redirect.scheme().isEmpty() ? usualHere : redirect.scheme().equals("https") ? HTTPS : HTTP;
        int port = redirect.port().orElse(redirect.scheme().isEmpty() ? listener.port() : usual);
        // Clients of a usual port name none, so none has to be replaced.
        if (port != usual || listener.port() != usualHere) {
            action.setPortRedirect(port);
        }
        redirect.path().ifPresent(change -> {
            switch (PathRewrite.of(change, match.path())) {
                case PathRewrite.Full full -> action.setPathRedirect(full.path());
                case PathRewrite.Prefix prefix -> action.setPrefixRewrite(prefix.replacement());
                case PathRewrite.Cut cut -> action.setRegexRewrite(cut.substitution());
            }
        });
        return action.build();
    }

    private static RedirectResponseCode code(int status) {
        return switch (status) {
            case 301 -> RedirectResponseCode.MOVED_PERMANENTLY;
            case 302 -> RedirectResponseCode.FOUND;
            case 303 -> RedirectResponseCode.SEE_OTHER;
            case 307 -> RedirectResponseCode.TEMPORARY_REDIRECT;
            case 308 -> RedirectResponseCode.PERMANENT_REDIRECT;
            default -> throw new IllegalArgumentException("not a redirection: " + status);
        };
    }
}
