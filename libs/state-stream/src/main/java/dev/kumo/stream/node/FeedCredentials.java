// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a node trusts and how it proves itself; both are read anew for every connection. Any thread. */
public interface FeedCredentials {
    /** @return one or more certificates of the feeds' CA, PEM */
    byte[] authorities() throws IOException;

    /** @return the projected token for audience kumo-feeds, as it is now */
    String token() throws IOException;

    static FeedCredentials files(Path authorities, Path token) {
        return new FeedCredentials() {
            @Override
            public byte[] authorities() throws IOException {
                return Files.readAllBytes(authorities);
            }

            @Override
            public String token() throws IOException {
                return Files.readString(token).strip();
            }
        };
    }
}
