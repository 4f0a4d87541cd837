// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.cni.CniReadiness.NotReady;
import dev.kumo.dataplane.endpoint.Attachment;
import dev.kumo.dataplane.endpoint.FakeKernel;
import dev.kumo.dataplane.endpoint.TestNode;
import dev.kumo.stream.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as the plugin sends them, answers as the specification wants them. */
class CniHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final FakeKernel kernel = new FakeKernel();
    private final AtomicReference<Optional<NotReady>> obstacle = new AtomicReference<>(Optional.empty());
    private TestNode node;
    private CniHandler handler;

    @BeforeEach
    void start() {
        node = new TestNode(directory, kernel);
        handler = new CniHandler(node.attachments(), obstacle::get);
        kernel.addNamespace("/run/netns/1");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nonsense", "\0", "{} {}"})
    void refusesWhatIsNotJson(String request) throws IOException {
        assertError(answer(request), 6, "the request is not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "[]", "{\"env\":{},\"config\":[]}", "{\"env\":{},\"config\":\"{}\"}"})
    void refusesARequestWithoutConfiguration(String request) throws IOException {
        assertError(answer(request), 6, "the network configuration is not an object");
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, CNI_COMMAND, ''",
        "ADD, CNI_COMMAND, REMOVE",
        "ADD, CNI_CONTAINERID, ''",
        "ADD, CNI_CONTAINERID, a/b",
        "DEL, CNI_CONTAINERID, .hidden",
        "ADD, CNI_IFNAME, ''",
        "ADD, CNI_IFNAME, ..",
        "CHECK, CNI_IFNAME, 'a b'",
        "ADD, CNI_NETNS, ''",
        "ADD, CNI_NETNS, relative",
        "CHECK, CNI_NETNS, ''",
        "ADD, CNI_ARGS, ''",
        "ADD, CNI_ARGS, nonsense",
        "ADD, CNI_ARGS, K8S_POD_NAMESPACE=ns;K8S_POD_NAME=pod",
        "ADD, CNI_ARGS, K8S_POD_NAMESPACE=ns;K8S_POD_NAME=;K8S_POD_UID=u",
    })
    void namesTheVariableThatIsInvalid(String command, String name, String value) throws IOException {
        var request = request(command, 1);
        ((ObjectNode) request.path("env")).put(name, value);
        ((ObjectNode) request.path("config")).putObject("prevResult");

        var answer = answer(request.toString());

        assertError(answer, 4, "invalid environment variable");
        assertThat(answer.path("output").path("details").asText()).startsWith(name);
        assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"ADD, 0.2.0", "ADD, ''", "DEL, 1.2.0", "CHECK, 0.3.1", "STATUS, 1.0.0", "GC, 1.0.0"})
    void refusesVersionsThatDoNotKnowTheCommand(String command, String version) throws IOException {
        var request = request(command, 1);
        ((ObjectNode) request.path("config")).put("cniVersion", version);

        assertError(answer(request.toString()), 1, "incompatible CNI version");
    }

    @Test
    void answersAnAddInTheNewestVersion() throws IOException {
        var answer = answer(request("ADD", 1).toString());

        assertThat(answer).isEqualTo(JSON.readTree("""
                {"exit": 0, "output": {
                  "cniVersion": "1.1.0",
                  "interfaces": [
                    {"name": "%s", "mac": "ee:ee:ee:ee:ee:ee", "mtu": 1450},
                    {"name": "eth0", "mac": "0a:58:0a:f4:01:01", "sandbox": "/run/netns/1", "mtu": 1450}
                  ],
                  "ips": [{"address": "10.244.1.1/32", "gateway": "169.254.1.1", "interface": 1}],
                  "routes": [{"dst": "0.0.0.0/0", "gw": "169.254.1.1"}]
                }}""".formatted(new Attachment("sandbox-1", "eth0").hostName())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.1", "0.4.0"})
    void answersAnAddInAnOldVersion(String version) throws IOException {
        var request = request("ADD", 1);
        ((ObjectNode) request.path("config")).put("cniVersion", version);

        var output = answer(request.toString()).path("output");

        assertThat(output.path("cniVersion").asText()).isEqualTo(version);
        assertThat(output.at("/ips/0/version").asText()).isEqualTo("4");
        assertThat(output.at("/interfaces/1").has("mtu")).isFalse();
    }

    @Test
    void addsToWhatAPluginBeforeItMade() throws IOException {
        var request = request("ADD", 1);
        ((ObjectNode) request.path("config")).set("prevResult", JSON.readTree("""
                {"cniVersion": "1.1.0",
                 "interfaces": [{"name": "lo", "sandbox": "/run/netns/1"}],
                 "ips": [{"address": "127.0.0.1/8", "interface": 0}]}"""));
        ((ObjectNode) request.path("config"))
                .putObject("dns")
                .putArray("nameservers")
                .add("10.96.0.10");

        var output = answer(request.toString()).path("output");

        assertThat(output.path("interfaces")).hasSize(3);
        assertThat(output.at("/ips/0/address").asText()).isEqualTo("127.0.0.1/8");
        assertThat(output.at("/ips/1/interface").asInt()).isEqualTo(2);
        assertThat(output.at("/dns/nameservers/0").asText()).isEqualTo("10.96.0.10");
    }

    @Test
    void refusesAnInterfaceThatAPluginBeforeItMadeAndLeavesNothing() throws IOException {
        var request = request("ADD", 1);
        ((ObjectNode) request.path("config")).set("prevResult", JSON.readTree("""
                {"cniVersion": "1.1.0", "interfaces": [{"name": "eth0", "sandbox": "/run/netns/1"}]}"""));

        assertError(answer(request.toString()), 101, "INTERFACE_CONFLICT");
        assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ipam\":{\"type\":\"host-local\"}} | 2 | ipam",
                "{\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":1,\"containerPort\":1,\"protocol\":\"sctp\"}]}} | 2 | runtimeConfig.portMappings.protocol: SCTP",
                "{\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":70000,\"containerPort\":1}]}} | 7 | runtimeConfig.portMappings.hostPort",
                "{\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":1,\"containerPort\":0}]}} | 7 | runtimeConfig.portMappings.containerPort",
                "{\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":1,\"containerPort\":1,\"hostIP\":\"x\"}]}} | 7 | runtimeConfig.portMappings.hostIP",
            })
    void refusesFieldsThatItCannotHonour(String fields, int code, String details) throws IOException {
        var request = request("ADD", 1);
        ((ObjectNode) request.path("config")).setAll((ObjectNode) JSON.readTree(fields));

        var answer = answer(request.toString());

        assertThat(answer.path("exit").asInt()).isEqualTo(code);
        assertThat(answer.path("output").path("details").asText()).startsWith(details);
        assertNothingLeft();
    }

    @Test
    void tellsTheReasonOfARefusal() throws IOException {
        node.stores().ipam().setRanges(List.of(Range.of("10.244.1.0/32")));
        answer(request("ADD", 1).toString());
        kernel.addNamespace("/run/netns/2");

        assertError(answer(request("ADD", 2).toString()), 11, "POOL_EXHAUSTED");
        kernel.removeNamespace("/run/netns/2");
        node.stores().ipam().setRanges(List.of(Range.of("10.244.1.0/24")));
        assertError(answer(request("ADD", 2).toString()), 3, "NETNS_GONE");
        var other = request("ADD", 1);
        ((ObjectNode) other.path("env")).put("CNI_NETNS", "/run/netns/other");
        assertError(answer(other.toString()), 101, "INTERFACE_CONFLICT");
    }

    @Test
    void answersADeleteWithNothingHoweverOften() throws IOException {
        answer(request("ADD", 1).toString());
        for (int i = 0; i < 3; i++) {
            assertThat(answer(request("DEL", 1).toString())).isEqualTo(JSON.readTree("{\"exit\":0,\"output\":null}"));
        }
        assertNothingLeft();
    }

    @Test
    void checksWhatTheRuntimeRemembers() throws IOException {
        var result = answer(request("ADD", 1).toString()).path("output");
        var check = request("CHECK", 1);
        assertError(answer(check.toString()), 7, "invalid network configuration");
        ((ObjectNode) check.path("config")).set("prevResult", result);
        assertThat(answer(check.toString()).path("exit").asInt()).isZero();
        ((ObjectNode) result.at("/ips/0")).put("address", "10.244.1.9/32");
        assertError(answer(check.toString()), 101, "INTERFACE_CONFLICT");
        answer(request("DEL", 1).toString());

        assertError(answer(check.toString()), 3, "UNKNOWN_POD");
    }

    @Test
    void collectsWhatTheRuntimeDoesNotKnow() throws IOException {
        for (int i = 1; i <= 3; i++) {
            kernel.addNamespace("/run/netns/" + i);
            answer(request("ADD", i).toString());
        }
        var collect = request("GC", 1);
        assertError(answer(collect.toString()), 7, "invalid network configuration");
        assertThat(kernel.linkNames()).hasSize(3);
        var valid = ((ObjectNode) collect.path("config")).putArray("cni.dev/valid-attachments");
        valid.addObject().put("containerID", "sandbox-2");
        assertError(answer(collect.toString()), 7, "invalid network configuration");
        ((ObjectNode) valid.get(0)).put("ifname", "eth0");

        assertThat(answer(collect.toString()).path("exit").asInt()).isZero();
        assertThat(kernel.linkNames()).containsExactly(new Attachment("sandbox-2", "eth0").hostName());
        ((ObjectNode) collect.path("config")).putNull("cni.dev/valid-attachments");
        assertThat(answer(collect.toString()).path("exit").asInt()).isZero();
        assertNothingLeft();
    }

    @Test
    void tellsWhetherTheNodeCanTakePods() throws IOException {
        assertThat(answer(request("STATUS", 1).toString()).path("exit").asInt()).isZero();
        obstacle.set(Optional.of(new NotReady(Reason.NOT_SYNCED, "policy feed", false)));
        assertError(answer(request("STATUS", 1).toString()), 50, "NOT_SYNCED");
        obstacle.set(Optional.of(new NotReady(Reason.KERNEL_ERROR, "manager=endpoints", true)));
        assertError(answer(request("STATUS", 1).toString()), 51, "KERNEL_ERROR");
        obstacle.set(Optional.empty());
        node.stores().ipam().setRanges(List.of());

        assertError(answer(request("STATUS", 1).toString()), 50, "POOL_UNKNOWN");
    }

    @Test
    void carriesOutTombstonesAndDropsThoseThatNobodyCanRead() throws IOException {
        answer(request("ADD", 1).toString());
        var tombstones = Files.createDirectory(directory.resolve("tombstones"));
        Files.writeString(
                tombstones.resolve("sandbox-1-eth0"), request("DEL", 1).toString());
        Files.writeString(tombstones.resolve("garbage"), "{");
        Files.writeString(tombstones.resolve(".being-written"), "{");

        new Tombstones(tombstones, handler).carryOut();

        assertNothingLeft();
        try (var files = Files.list(tombstones)) {
            assertThat(files).containsExactly(tombstones.resolve(".being-written"));
        }
    }

    @Test
    void writesTheNetworkConfigurationOnceAndLeavesIt() throws IOException {
        var list = new ConfList(directory);
        list.write();
        var file = directory.resolve("05-kumo.conflist");
        var written = Files.getLastModifiedTime(file);
        list.write();

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        var json = JSON.readTree(file.toFile());
        assertThat(json.path("cniVersion").asText()).isEqualTo("1.0.0");
        assertThat(json.at("/plugins/0/type").asText()).isEqualTo("kumo-cni");
        assertThat(json.at("/plugins/0/capabilities/portMappings").asBoolean()).isTrue();
        Files.writeString(file, "{}");
        list.write();
        assertThat(JSON.readTree(file.toFile())).isEqualTo(json);
        list.remove();
        assertThat(file).doesNotExist();
    }

    private JsonNode answer(String request) throws IOException {
        return JSON.readTree(
                handler.answer(request.getBytes(StandardCharsets.UTF_8)).bytes());
    }

    static ObjectNode request(String command, int number) {
        var request = JSON.createObjectNode();
        request.putObject("env")
                .put("CNI_COMMAND", command)
                .put("CNI_CONTAINERID", "sandbox-" + number)
                .put("CNI_IFNAME", "eth0")
                .put("CNI_NETNS", "/run/netns/" + number)
                .put(
                        "CNI_ARGS",
                        "IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=pod-%d;K8S_POD_UID=uid-%d"
                                .formatted(number, number));
        request.putObject("config")
                .put("cniVersion", "1.1.0")
                .put("name", "kumo")
                .put("type", "kumo-cni");
        return request;
    }

    private static void assertError(JsonNode answer, int code, String message) {
        assertThat(answer.path("output").path("msg").asText()).isEqualTo(message);
        assertThat(answer.path("output").path("code").asInt()).isEqualTo(code);
        assertThat(answer.path("output").path("cniVersion").isTextual()).isTrue();
        assertThat(answer.path("exit").asInt()).isEqualTo(code);
    }

    private void assertNothingLeft() {
        node.settle();
        assertThat(kernel.isEmpty()).isTrue();
        assertThat(node.stores().endpoints().all()).isEmpty();
        assertThat(node.stores().ipam().owners()).isEmpty();
    }
}
