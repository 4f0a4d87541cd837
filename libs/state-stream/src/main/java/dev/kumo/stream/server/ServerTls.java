// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a feed's server finds its certificate; asked every second, so that a renewed one serves without a restart. */
@FunctionalInterface
public interface ServerTls {
    /**
     * Must not take long.
     *
     * @return null while there is no certificate yet: handshakes are refused until there is one
     */
    @Nullable
    Identity read() throws IOException;

    /**
     * Certificate and key as PEM.
     *
     * @param chain the leaf first
     * @param key PKCS #8, not encrypted
     */
    record Identity(byte[] chain, byte[] key) {
        boolean sameAs(@Nullable Identity other) {
            return other != null && Arrays.equals(chain, other.chain) && Arrays.equals(key, other.key);
        }
    }

    /**
     * Reads both files of a mounted Secret of type kubernetes.io/tls. The kubelet swaps both at once; a reading that falls
     * into the swap is repeated, so that certificate and key always belong together.
     */
    static ServerTls files(Path chain, Path key) {
        return () -> {
            while (Files.exists(chain) && Files.exists(key)) {
                var identity = new Identity(Files.readAllBytes(chain), Files.readAllBytes(key));
                if (Arrays.equals(Files.readAllBytes(chain), identity.chain())) {
                    return identity;
                }
            }
            return null;
        };
    }
}
