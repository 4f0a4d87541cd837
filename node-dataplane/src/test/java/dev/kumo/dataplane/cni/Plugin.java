// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The real plugin, built from cni/, and runs of it. */
public final class Plugin {
    /** As the runtime sees a run. */
    public record Run(int exit, String output, String errors) {
        public JsonNode json() throws IOException {
            return new ObjectMapper().readTree(output);
        }
    }

    private static final Map<String, Path> BUILT = new ConcurrentHashMap<>();
    private final Path binary;

    private Plugin(Path binary) {
        this.binary = binary;
    }

    /** As it is shipped. */
    public static Plugin shipped() {
        return new Plugin(BUILT.computeIfAbsent("target/cni", Plugin::build));
    }

    /** With sanitizers: bad memory accesses and undefined behaviour end it with words on its standard error. */
    public static Plugin sanitized() {
        return new Plugin(BUILT.computeIfAbsent("target/cni-sanitized", Plugin::build));
    }

    public Path binary() {
        return binary;
    }

    public Run run(Map<String, String> environment, byte[] input, String... arguments)
            throws IOException, InterruptedException {
        var errors = Files.createTempFile("kumo-cni", ".err");
        try {
            var command = new ArrayList<>(List.of(binary.toString()));
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CNI_"));
            builder.environment().putAll(environment);
            var process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                // It may refuse before it has read everything; what it says is looked at.
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(90, TimeUnit.SECONDS);
            return new Run(process.exitValue(), output, Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }

    private static Path build(String folder) {
        var out = Path.of(folder).toAbsolutePath();
        var command = new ArrayList<>(List.of("make", "-s", "-C", "../cni", "OUT=" + out));
        if (folder.endsWith("sanitized")) {
            command.add("SANITIZE=1");
        }
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the plugin cannot be built: " + output);
            }
            return out.resolve("kumo-cni");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
