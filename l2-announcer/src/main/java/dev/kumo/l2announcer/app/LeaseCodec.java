// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.Holder;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.ServiceRef;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Assignments as Leases say them: the holder as in Cilium's, so that people and tools find it where they look; the whole list
 * and its term in annotations. Stateless.
 */
public final class LeaseCodec {
    private static final String PREFIX = "cilium-l2announce-";
    private static final String SERVICE = "kumo.dev/service";
    private static final String TERM = "kumo.dev/term";
    private static final String ANNOUNCEMENT = "kumo.dev/announcement";
    /** Ten years: nobody who judges by time takes a Lease for run out. It is renewed by each change only. */
    private static final int DURATION_SECONDS = 10 * 365 * 24 * 3600;

    private static final ObjectMapper JSON = new ObjectMapper();

    private LeaseCodec() {}

    /** Empty if its name is not like those of announcements. What we could not have written is somebody else's. */
    public static Optional<LeaseView> read(Lease lease) {
        var name = lease.getMetadata().getName();
        if (!name.startsWith(PREFIX)) {
            return Optional.empty();
        }
        var spec = Optional.ofNullable(lease.getSpec());
        return Optional.of(new LeaseView(
                name,
                spec.map(LeaseSpec::getHolderIdentity).orElse(""),
                assignment(Objects.requireNonNullElse(lease.getMetadata().getAnnotations(), Map.of()))));
    }

    /** @param lease as it was found, or a new one with its name. @param now when it is written */
    static Lease write(Lease lease, Assignment assignment, ZonedDateTime now) {
        var holder = assignment.nodes().getFirst();
        var before = lease.getSpec();
        boolean moves = before == null || !holder.equals(before.getHolderIdentity());
        int transitions = before == null || before.getLeaseTransitions() == null ? 0 : before.getLeaseTransitions();
        return new LeaseBuilder(lease)
                .editMetadata()
                .addToLabels("app.kubernetes.io/part-of", "kumo")
                .addToLabels("app.kubernetes.io/managed-by", "l2-announcer")
                .addToAnnotations(SERVICE, assignment.service().toString())
                .addToAnnotations(TERM, Long.toString(assignment.term()))
                .addToAnnotations(ANNOUNCEMENT, json(assignment.lists()))
                .endMetadata()
                .editOrNewSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(DURATION_SECONDS)
                .withAcquireTime(moves ? now : before.getAcquireTime())
                .withRenewTime(now)
                .withLeaseTransitions(moves && before != null ? transitions + 1 : transitions)
                .endSpec()
                .build();
    }

    private static Optional<Assignment> assignment(Map<String, String> annotations) {
        var service = annotations.getOrDefault(SERVICE, "").split("/", -1);
        if (service.length != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Assignment(
                    new ServiceRef(service[0], service[1]),
                    Long.parseLong(annotations.getOrDefault(TERM, "")),
                    lists(JSON.readTree(annotations.getOrDefault(ANNOUNCEMENT, "")))));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String json(List<HolderList> lists) {
        var array = JSON.createArrayNode();
        for (var list : lists) {
            var entry = array.addObject().put("address", list.address().toCanonicalString());
            var holders = entry.putArray("holders");
            for (var holder : list.holders()) {
                var node = holders.addObject()
                        .put("node", holder.node())
                        .put("nodeAddress", holder.nodeAddress().toCanonicalString());
                var interfaces = node.putArray("interfaces");
                holder.interfaces().forEach(interfaces::add);
            }
        }
        return array.toString();
    }

    /** @throws IllegalArgumentException if it is nothing that we write */
    private static List<HolderList> lists(JsonNode array) {
        var lists = new ArrayList<HolderList>();
        for (var entry : array) {
            var holders = new ArrayList<Holder>();
            for (var holder : entry.path("holders")) {
                var interfaces = new ArrayList<String>();
                holder.path("interfaces").forEach(name -> interfaces.add(name.asText()));
                holders.add(new Holder(holder.path("node").asText(), address(holder.path("nodeAddress")), interfaces));
            }
            if (holders.isEmpty()) {
                throw new IllegalArgumentException("a list without holders");
            }
            lists.add(new HolderList(address(entry.path("address")), holders));
        }
        if (lists.isEmpty()) {
            throw new IllegalArgumentException("no list");
        }
        return lists;
    }

    private static IPAddress address(JsonNode text) {
        var address = new IPAddressString(text.asText()).getAddress();
        if (address == null) {
            throw new IllegalArgumentException("no address: " + text);
        }
        return address;
    }
}
