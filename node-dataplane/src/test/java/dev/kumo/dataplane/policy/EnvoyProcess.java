// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The stock Envoy over our ADS, as the DaemonSet starts it; its folder keeps its log. */
final class EnvoyProcess implements AutoCloseable {
    private static final String BOOTSTRAP = """
            admin: {address: {pipe: {path: "%s"}}}
            dynamic_resources:
              ads_config:
                api_type: DELTA_GRPC
                transport_api_version: V3
                grpc_services: [{envoy_grpc: {cluster_name: node-dataplane}}]
              cds_config: {ads: {}, resource_api_version: V3}
              lds_config: {ads: {}, resource_api_version: V3}
            static_resources:
              clusters:
                - name: node-dataplane
                  type: STATIC
                  typed_extension_protocol_options:
                    envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                      "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                      explicit_http_config: {http2_protocol_options: {}}
                  load_assignment:
                    cluster_name: node-dataplane
                    endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: "%s"}}}}]}]
            """;

    private final Process process;

    private EnvoyProcess(Process process) {
        this.process = process;
    }

    static Path writeBootstrap(Path folder, Path ads, Path admin) throws IOException {
        return Files.writeString(folder.resolve("bootstrap.yaml"), BOOTSTRAP.formatted(admin, ads));
    }

    /**
     * @param ads the socket of our server
     * @param launcher a command that runs what follows it, such as nsenter; may be empty
     */
    static EnvoyProcess start(Path folder, Path ads, List<String> launcher) throws IOException {
        var bootstrap = writeBootstrap(folder, ads, folder.resolve("admin.sock"));
        var command = new ArrayList<>(launcher);
        command.addAll(List.of(
                EnvoyBinary.path().toString(),
                "--config-path",
                bootstrap.toString(),
                "--use-dynamic-base-id",
                "--service-node",
                "w1",
                "--service-cluster",
                "kumo",
                "--concurrency",
                "2",
                "--log-level",
                "warning"));
        return new EnvoyProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("envoy.log").toFile())
                .start());
    }

    /** Without any leave-taking. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
