// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.cni.Plugin.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real binary, with sanitizers, against a dataplane that is absent, silent, confused or well. */
class PluginTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Plugin PLUGIN = Plugin.sanitized();

    @TempDir
    Path directory;

    private Path socket;
    private Path tombstones;

    @BeforeEach
    void name() {
        socket = directory.resolve("cni.sock");
        tombstones = directory.resolve("state").resolve("tombstones");
    }

    static Stream<Arguments> badEnvironments() {
        return Stream.of(
                Arguments.of("CNI_COMMAND", Map.of()),
                Arguments.of("CNI_COMMAND", Map.of("CNI_COMMAND", "add")),
                Arguments.of("CNI_COMMAND", Map.of("CNI_COMMAND", "\u0001\"\\ü")),
                Arguments.of("CNI_CONTAINERID", Map.of("CNI_COMMAND", "ADD", "CNI_IFNAME", "eth0", "CNI_NETNS", "/n")),
                Arguments.of("CNI_CONTAINERID", environment("DEL", "CNI_CONTAINERID", "../../etc/passwd")),
                Arguments.of("CNI_CONTAINERID", environment("DEL", "CNI_CONTAINERID", "-a")),
                Arguments.of("CNI_CONTAINERID", environment("ADD", "CNI_CONTAINERID", "a".repeat(129))),
                Arguments.of("CNI_CONTAINERID", environment("CHECK", "CNI_CONTAINERID", "")),
                Arguments.of("CNI_IFNAME", environment("ADD", "CNI_IFNAME", "eth/0")),
                Arguments.of("CNI_IFNAME", environment("DEL", "CNI_IFNAME", "..")),
                Arguments.of("CNI_IFNAME", environment("ADD", "CNI_IFNAME", "sixteen-letters-")),
                Arguments.of("CNI_NETNS", environment("ADD", "CNI_NETNS", "")),
                Arguments.of("CNI_NETNS", environment("CHECK", "CNI_NETNS", "")));
    }

    @ParameterizedTest
    @MethodSource("badEnvironments")
    void namesTheVariableThatIsInvalid(String variable, Map<String, String> environment) throws Exception {
        var run = PLUGIN.run(environment, bytes(config("1.1.0")));

        assertError(run, 4, "invalid environment variable");
        assertThat(run.json().path("details").asText()).startsWith(variable);
    }

    static Stream<String> garbage() {
        return Stream.of(
                "",
                " ",
                "{",
                "[]",
                "null",
                "true",
                "{} {}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":-}",
                "{\"a\":1e}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\",
                "{\"a\":\"\\u",
                "{\"a\":\"",
                "{\"a\":tru",
                "{\"a\":[1,]}",
                "{\"a\":[1",
                "{\"a\":\0}",
                "\0{}",
                "{\"a\":" + "[".repeat(100_000),
                "{\"a\":" + "[".repeat(65) + "]".repeat(65) + "}",
                "{\"a\":\"" + "x".repeat(1024 * 1024) + "\"}");
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void refusesWhatIsNoConfiguration(String input) throws Exception {
        for (var command : List.of("ADD", "DEL", "CHECK", "STATUS", "GC", "VERSION")) {
            var run = PLUGIN.run(environment(command), bytes(input));

            assertThat(run.errors()).isEmpty();
            assertThat(run.exit()).as(command).isEqualTo(6);
            assertThat(run.json().path("code").asInt()).isEqualTo(6);
        }
        assertThat(tombstones).doesNotExist();
    }

    @Test
    void everyPrefixOfAConfigurationIsRefusedAndTheWholeIsNot() throws Exception {
        var whole = "{\"cniVersion\":\"1.1.0\",\"n\":[-0.5e+7,{\"k\":\"\\u00e9\\n\"},null]}";
        for (int length = 0; length < whole.length(); length++) {
            var run = PLUGIN.run(environment("VERSION"), bytes(whole.substring(0, length)));
            assertThat(run.exit()).as(whole.substring(0, length)).isEqualTo(6);
        }
        assertThat(PLUGIN.run(environment("VERSION"), bytes(whole)).exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, 0.2.0",
        "ADD, 0.3.0",
        "ADD, 9.9.9",
        "ADD, ''",
        "DEL, 0.1.0",
        "CHECK, 0.3.1",
        "STATUS, 1.0.0",
        "GC, 1.0.0"
    })
    void refusesVersionsThatDoNotKnowTheCommand(String command, String version) throws Exception {
        var run = PLUGIN.run(environment(command), bytes(config(version)));

        assertError(run, 1, "incompatible CNI version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"cniVersion\":110}", "{\"cniVersion\":\"1.1.0\\n\"}", "{\"cniVersion\":\"1.1.0.0.0.0.0.0.0\"}"
            })
    void refusesAVersionThatIsNone(String input) throws Exception {
        assertThat(PLUGIN.run(environment("ADD"), bytes(input)).exit()).isEqualTo(6);
    }

    @Test
    void tellsItsVersionsWithoutADataplane() throws Exception {
        var run = PLUGIN.run(Map.of("CNI_COMMAND", "VERSION"), bytes("{\"cniVersion\":\"1.0.0\"}"));

        assertThat(run.exit()).isZero();
        assertThat(run.json()).isEqualTo(JSON.readTree("""
                        {"cniVersion": "1.0.0", "supportedVersions": ["0.3.1", "0.4.0", "1.0.0", "1.1.0"]}"""));
    }

    @ParameterizedTest
    @CsvSource({"ADD, 11", "CHECK, 11", "GC, 11", "STATUS, 50"})
    void saysTryAgainLaterWhileTheDataplaneIsDown(String command, int code) throws Exception {
        var run = PLUGIN.run(environment(command), bytes(config("1.1.0")));

        assertThat(run.exit()).isEqualTo(code);
        assertThat(run.json().path("msg").asText()).startsWith("the node's dataplane is not available");
        assertThat(tombstones).doesNotExist();
    }

    @Test
    void leavesATombstoneForADeleteWhileTheDataplaneIsDown() throws Exception {
        var run = PLUGIN.run(environment("DEL"), bytes(config("1.1.0")));

        assertThat(run).isEqualTo(new Run(0, "", ""));
        try (var files = Files.list(tombstones)) {
            assertThat(files).containsExactly(tombstones.resolve("sandbox-1-eth0"));
        }
        assertThat(JSON.readTree(tombstones.resolve("sandbox-1-eth0").toFile()))
                .isEqualTo(request(environment("DEL"), config("1.1.0")));
        assertThat(PLUGIN.run(environment("DEL"), bytes(config("1.1.0"))).exit())
                .isZero();
    }

    @Test
    void failsADeleteThatCanLeaveNoTombstone() throws Exception {
        Files.writeString(directory.resolve("state"), "a file where a directory should be");

        var run = PLUGIN.run(environment("DEL"), bytes(config("1.1.0")));

        assertError(run, 5, "the dataplane is down and no tombstone can be left");
    }

    @Test
    void passesEverythingOnAndPrintsTheAnswer() throws Exception {
        var environment = new HashMap<>(environment("ADD"));
        environment.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=\"ü\\");
        environment.put("CNI_PATH", "/opt/cni/bin");
        var config = (ObjectNode) JSON.readTree(config("1.0.0"));
        config.putObject("prevResult").put("cniVersion", "1.0.0").putArray("interfaces");
        try (var dataplane = ScriptedDataplane.answering(socket, "{\"exit\":0,\"output\":{\"ips\":[]}}\n")) {
            var run = PLUGIN.run(environment, bytes(config.toPrettyString()));

            assertThat(run).isEqualTo(new Run(0, "{\"ips\":[]}\n", ""));
            assertThat(dataplane.requests()).hasSize(1);
            assertThat(JSON.readTree(dataplane.requests().getFirst()))
                    .isEqualTo(request(environment, config.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 11, 101, 255})
    void exitsWithTheCodeOfTheAnswer(int code) throws Exception {
        var output = "{\"cniVersion\":\"1.1.0\",\"code\":" + code + ",\"msg\":\"POOL_EXHAUSTED\"}";
        try (var _ = ScriptedDataplane.answering(socket, "{\"exit\":" + code + ",\"output\":" + output + "}")) {
            assertThat(PLUGIN.run(environment("ADD"), bytes(config("1.1.0"))))
                    .isEqualTo(new Run(code, output + "\n", ""));
        }
    }

    @Test
    void printsNothingWhereTheSpecificationWantsNothing() throws Exception {
        try (var _ = ScriptedDataplane.answering(socket, "{\"exit\":0,\"output\":null}")) {
            for (var command : List.of("DEL", "CHECK", "STATUS", "GC")) {
                assertThat(PLUGIN.run(environment(command), bytes(config("1.1.0"))))
                        .isEqualTo(new Run(0, "", ""));
            }
        }
        assertThat(tombstones).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"exit\":0,\"output\":{\"ips\":[", "HTTP/1.1 400 Bad Request\r\n\r\n"})
    void takesAnAnswerThatIsNoneForADataplaneThatIsDown(String answer) throws Exception {
        try (var _ = ScriptedDataplane.answering(socket, answer)) {
            assertThat(PLUGIN.run(environment("ADD"), bytes(config("1.1.0"))).exit())
                    .isEqualTo(11);
            assertThat(PLUGIN.run(environment("DEL"), bytes(config("1.1.0"))).exit())
                    .isZero();
            assertThat(tombstones.resolve("sandbox-1-eth0")).isRegularFile();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"exit\":0}", "{\"exit\":-1,\"output\":{}}", "{\"exit\":1000,\"output\":{}}"})
    void refusesAnAnswerOfAnotherShape(String answer) throws Exception {
        try (var _ = ScriptedDataplane.answering(socket, answer)) {
            assertError(
                    PLUGIN.run(environment("ADD"), bytes(config("1.1.0"))),
                    6,
                    "the dataplane's answer has another shape");
        }
    }

    @Test
    void losesItsPatienceWithASilentDataplane() throws Exception {
        try (var _ = ScriptedDataplane.silent(socket)) {
            var run = PLUGIN.run(environment("STATUS"), bytes(config("1.1.0")));

            assertError(run, 50, "the node's dataplane is not available");
            assertThat(run.json().path("details").asText()).isEqualTo("the dataplane didn't answer in time");
        }
    }

    @Test
    void sendsAConfigurationThatFillsTheSocketsBuffers() throws Exception {
        var config = (ObjectNode) JSON.readTree(config("1.1.0"));
        config.putArray("fill")
                .addAll(IntStream.range(0, 60_000)
                        .mapToObj(JSON.getNodeFactory()::numberNode)
                        .toList());
        try (var dataplane = ScriptedDataplane.answering(socket, "{\"exit\":0,\"output\":null}")) {
            assertThat(PLUGIN.run(environment("DEL"), bytes(config.toString())).exit())
                    .isZero();
            assertThat(JSON.readTree(dataplane.requests().getFirst()).path("config"))
                    .isEqualTo(config);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative/path", "", "/escaped\\u002f"})
    void refusesPathsThatAreNone(String path) throws Exception {
        var run = PLUGIN.run(environment("DEL"), bytes("{\"cniVersion\":\"1.1.0\",\"tombstones\":\"" + path + "\"}"));

        assertError(run, 7, "not an absolute path");
    }

    @Test
    void installsItselfInPlaceOfAnOlderOne() throws Exception {
        Files.writeString(directory.resolve("kumo-cni"), "older");

        var run = Plugin.shipped().run(Map.of(), new byte[0], "install", directory.toString());

        assertThat(run).isEqualTo(new Run(0, "", ""));
        assertThat(directory.resolve("kumo-cni"))
                .hasSameBinaryContentAs(Plugin.shipped().binary())
                .isExecutable();
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void installsAnotherProgramUnderItsOwnName() throws Exception {
        var program = Files.write(directory.resolve("envoy"), new byte[] {1, 0, 2});
        var target = Files.createDirectory(directory.resolve("target"));

        var run = Plugin.shipped().run(Map.of(), new byte[0], "install", target.toString(), program.toString());

        assertThat(run).isEqualTo(new Run(0, "", ""));
        assertThat(target.resolve("envoy")).hasSameBinaryContentAs(program).isExecutable();
        assertThat(Plugin.shipped()
                        .run(Map.of(), new byte[0], "install", target.toString(), "/nowhere")
                        .errors())
                .contains("cannot read /nowhere");
    }

    @Test
    void uninstallsItselfAndNothingElse() throws Exception {
        Files.writeString(directory.resolve("kumo-cni"), "us");
        Files.writeString(directory.resolve("other"), "them");

        for (int i = 0; i < 2; i++) {
            var run = Plugin.shipped().run(Map.of(), new byte[0], "uninstall", directory.toString());

            assertThat(run).isEqualTo(new Run(0, "", ""));
            assertThat(directory).isDirectoryContaining("glob:**/other").isDirectoryNotContaining("glob:**/kumo-cni");
        }
    }

    @Test
    void saysWhyItCannotBeInstalled() throws Exception {
        var run = PLUGIN.run(
                Map.of(), new byte[0], "install", directory.resolve("none").toString());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.errors()).contains("cannot write", "No such file or directory");
    }

    private static void assertError(Run run, int code, String message) throws IOException {
        assertThat(run.errors()).isEmpty();
        assertThat(run.exit()).isEqualTo(code);
        assertThat(run.json().path("cniVersion").asText()).isNotEmpty();
        assertThat(run.json().path("code").asInt()).isEqualTo(code);
        assertThat(run.json().path("msg").asText()).isEqualTo(message);
    }

    private static Map<String, String> environment(String command) {
        return Map.of(
                "CNI_COMMAND", command,
                "CNI_CONTAINERID", "sandbox-1",
                "CNI_IFNAME", "eth0",
                "CNI_NETNS", "/run/netns/kumo-t-none");
    }

    private static Map<String, String> environment(String command, String variable, String value) {
        var environment = new HashMap<>(environment(command));
        environment.put(variable, value);
        return environment;
    }

    private String config(String version) {
        return JSON.createObjectNode()
                .put("cniVersion", version)
                .put("name", "kumo")
                .put("type", "kumo-cni")
                .put("socket", socket.toString())
                .put("tombstones", tombstones.toString())
                .toString();
    }

    private static JsonNode request(Map<String, String> environment, String config) throws IOException {
        var request = JSON.createObjectNode();
        request.set("env", JSON.valueToTree(environment));
        request.set("config", JSON.readTree(config));
        return request;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
