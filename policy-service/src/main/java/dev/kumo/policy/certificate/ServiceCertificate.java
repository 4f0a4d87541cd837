// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import dev.kumo.stream.server.ServerTls;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Our own leaf as it was last read from the API; null until it is there. Any thread. */
@Singleton
public final class ServiceCertificate implements ServerTls {
    private volatile @Nullable Identity identity;

    @Override
    public @Nullable Identity read() {
        return identity;
    }

    void set(Credential leaf) {
        identity = new Identity(
                Pem.write(leaf.certificate()).getBytes(StandardCharsets.US_ASCII),
                Pem.write(leaf.key()).getBytes(StandardCharsets.US_ASCII));
    }
}
