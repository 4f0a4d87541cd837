// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class PortMappingReaderTest {
    @Test
    void readsWhatContainerdWritesAsWhatTheConventionsSay() throws JsonProcessingException {
        var json = new ObjectMapper();
        var conventions = json.readTree(
                "{\"portMappings\":[{\"hostPort\":18080,\"containerPort\":8080,\"protocol\":\"udp\",\"hostIP\":\"172.18.0.11\"}]}");
        var containerd = json.readTree(
                "{\"portMappings\":[{\"HostPort\":18080,\"ContainerPort\":8080,\"Protocol\":\"udp\",\"HostIP\":\"172.18.0.11\"}]}");

        assertThat(PortMappingReader.read(containerd)).hasSize(1).isEqualTo(PortMappingReader.read(conventions));
    }
}
