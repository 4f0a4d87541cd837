// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import io.grpc.Metadata;
import io.grpc.Status;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How a {@link Reason} crosses gRPC: as the status description's first word and in the trailer {@code kumo-reason}. */
public final class ReasonStatus {
    public static final Metadata.Key<String> TRAILER = Metadata.Key.of("kumo-reason", Metadata.ASCII_STRING_MARSHALLER);

    private ReasonStatus() {}

    public static Status status(Reason reason, String message) {
        return code(reason).toStatus().withDescription(reason + ": " + message);
    }

    public static Metadata trailers(Reason reason) {
        var trailers = new Metadata();
        trailers.put(TRAILER, reason.name());
        return trailers;
    }

    /** Why a call ended, as the caller sees it: the peer's own word if it gave one. */
    public static Reason reason(Status status, @Nullable Metadata trailers) {
        var word = trailers == null ? null : trailers.get(TRAILER);
        if (word != null) {
            return Reason.named(word);
        }
        for (var cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof CertificateException) {
                return Reason.UNTRUSTED_SERVER;
            }
        }
        return Reason.DISCONNECTED;
    }

    private static Status.Code code(Reason reason) {
        return switch (reason) {
            case NO_CREDENTIAL, TOKEN_REJECTED, TOKEN_EXPIRED, WRONG_AUDIENCE, WRONG_SERVICE_ACCOUNT ->
                Status.Code.UNAUTHENTICATED;
            case WRONG_NODE -> Status.Code.PERMISSION_DENIED;
            case MALFORMED -> Status.Code.INVALID_ARGUMENT;
            case UNSUPPORTED -> Status.Code.FAILED_PRECONDITION;
            default -> Status.Code.UNAVAILABLE;
        };
    }
}
