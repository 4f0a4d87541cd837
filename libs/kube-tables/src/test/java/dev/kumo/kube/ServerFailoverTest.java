// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerFailoverTest {
    private static final URI PODS = URI.create("https://172.18.0.2:6443/api/v1/pods?limit=500&continue=a%2Fb");
    private final ServerFailover failover =
            new ServerFailover(List.of(URI.create("https://172.18.0.2:6443"), URI.create("https://cp-b.lan:8443")));

    @Test
    void goesOnWithTheNextServerAfterAFailureAndComesBackAfterAnother() {
        assertThat(sentTo(PODS)).isEqualTo(PODS);

        failover.afterConnectionFailure(request(PODS), new IOException("refused"));
        var second = sentTo(PODS);
        assertThat(second).isEqualTo(URI.create("https://cp-b.lan:8443/api/v1/pods?limit=500&continue=a%2Fb"));

        failover.afterConnectionFailure(request(second), new IOException("refused"));
        assertThat(sentTo(PODS)).isEqualTo(PODS);
    }

    @Test
    void aLateFailureOfAServerThatWasLeftChangesNothing() {
        failover.afterConnectionFailure(request(PODS), new IOException("refused"));

        failover.afterConnectionFailure(request(PODS), new IOException("timed out"));

        assertThat(sentTo(PODS).getHost()).isEqualTo("cp-b.lan");
    }

    @Test
    void onlyHttpsServersAreTakenAndAtLeastOne() {
        var file = Path.of("/none");
        assertThatThrownBy(() -> new ApiServers(List.of(), file, file)).hasMessageContaining("KUMO_API_SERVERS");
        assertThatThrownBy(() -> new ApiServers(List.of(URI.create("http://10.0.0.1:80")), file, file))
                .hasMessageContaining("http://10.0.0.1:80");
        assertThatThrownBy(() -> new ApiServers(List.of(URI.create("10.0.0.1")), file, file))
                .hasMessageContaining("10.0.0.1");
    }

    private URI sentTo(URI uri) {
        var builder = new Recorder(uri);
        failover.before(builder, request(uri), null);
        return builder.uri;
    }

    private static HttpRequest request(URI uri) {
        return new StandardHttpRequest.Builder().uri(uri).build();
    }

    private static final class Recorder implements BasicBuilder {
        private URI uri;

        Recorder(URI uri) {
            this.uri = uri;
        }

        @Override
        public BasicBuilder uri(URI other) {
            uri = other;
            return this;
        }

        @Override
        public BasicBuilder header(String name, String value) {
            return this;
        }

        @Override
        public BasicBuilder setHeader(String name, String value) {
            return this;
        }
    }
}
