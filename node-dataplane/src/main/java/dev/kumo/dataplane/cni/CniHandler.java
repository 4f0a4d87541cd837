// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.endpoint.Attachments;
import dev.kumo.dataplane.endpoint.EndpointException;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One request of the plugin → its answer: {@code {"exit": code, "output": result, error or null}}. Blocks as long as it takes;
 * any platform thread, many at once.
 */
public final class CniHandler {
    private static final Logger LOG = Logger.getLogger(CniHandler.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Attachments attachments;
    private final CniReadiness readiness;

    public CniHandler(Attachments attachments, CniReadiness readiness) {
        this.attachments = attachments;
        this.readiness = readiness;
    }

    /** @param exit 0 or the error's code */
    record Answer(int exit, byte[] bytes) {}

    Answer answer(byte[] request) {
        JsonNode root;
        try {
            root = JSON.readTree(request);
        } catch (IOException e) {
            return refusal(
                    JSON.createObjectNode(),
                    new CniException(CniException.DECODING_FAILURE, "the request is not JSON", ""));
        }
        try {
            var output = perform(CniRequestReader.read(root));
            return answer(0, output);
        } catch (CniException e) {
            return refusal(root, e);
        } catch (EndpointException e) {
            return refusal(root, CniException.of(e));
        } catch (RuntimeException e) {
            LOG.errorf(
                    e, "command=%s failed", root.path("env").path("CNI_COMMAND").asText());
            return refusal(root, new CniException(CniException.KERNEL_ERROR, "internal error", e.toString()));
        }
    }

    private Optional<ObjectNode> perform(CniRequest request) {
        switch (request) {
            case CniRequest.Add add -> {
                return Optional.of(add(add));
            }
            case CniRequest.Delete delete -> attachments.delete(delete.attachment());
            case CniRequest.Check check ->
                CniResult.check(
                        attachments.check(check.attachment(), check.netns()),
                        check.config().previousResult().orElseThrow());
            case CniRequest.Status _ -> status();
            case CniRequest.Collect collect -> collect(collect);
        }
        return Optional.empty();
    }

    private ObjectNode add(CniRequest.Add add) {
        var endpoint = attachments.add(add.addition());
        try {
            return CniResult.of(endpoint, attachments.mtu(), add.config());
        } catch (CniException e) {
            attachments.delete(endpoint.attachment());
            throw e;
        }
    }

    private void status() {
        readiness.obstacle().ifPresent(obstacle -> {
            throw new CniException(
                    obstacle.limited() ? CniException.LIMITED_CONNECTIVITY : CniException.NOT_AVAILABLE,
                    obstacle.reason().name(),
                    obstacle.message());
        });
        attachments.stores().ipam().refusal().ifPresent(refusal -> {
            throw new CniException(
                    CniException.NOT_AVAILABLE, refusal.reason().name(), String.valueOf(refusal.getMessage()));
        });
    }

    private void collect(CniRequest.Collect collect) {
        var failures = attachments.retain(collect.valid());
        if (!failures.isEmpty()) {
            throw new CniException(
                    CniException.KERNEL_ERROR, "not everything could be removed", String.join("; ", failures));
        }
    }

    private static Answer refusal(JsonNode root, CniException e) {
        var version = root.path("config").path("cniVersion").asText(CniConfig.NEWEST);
        var error = JSON.createObjectNode()
                .put("cniVersion", version)
                .put("code", e.code())
                .put("msg", e.getMessage());
        if (!e.details().isEmpty()) {
            error.put("details", e.details());
        }
        LOG.warnf(
                "command=%s container=%s code=%d %s: %s",
                root.path("env").path("CNI_COMMAND").asText("?"),
                root.path("env").path("CNI_CONTAINERID").asText("?"),
                e.code(),
                e.getMessage(),
                e.details());
        return answer(e.code(), Optional.of(error));
    }

    private static Answer answer(int exit, Optional<ObjectNode> output) {
        var answer = JSON.createObjectNode().put("exit", exit);
        output.ifPresentOrElse(object -> answer.set("output", object), () -> answer.putNull("output"));
        try {
            return new Answer(exit, JSON.writeValueAsBytes(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }
}
