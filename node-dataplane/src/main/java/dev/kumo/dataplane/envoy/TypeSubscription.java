// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one stream asks for of one type, what it has been sent, and what is still to be told. On the ADS thread only.
 *
 * <p>A response with several additions that Envoy refuses says nothing about which of them it took, so they are sent again
 * one by one: then each refusal is of one resource.
 */
final class TypeSubscription {
    private static final int MAX_RESOURCES = 1000;
    private static final int MAX_BYTES = 1024 * 1024;
    private static final String WILDCARD = "*";

    private final ResourceType type;
    private final ResourceTable table;
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> sent = new HashMap<>();
    private final Map<String, String> held = new HashMap<>();
    private final Set<String> additions = new LinkedHashSet<>();
    private final Set<String> removals = new LinkedHashSet<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private final Set<String> suspects = new HashSet<>();
    private final SequencedMap<String, SequencedMap<String, String>> unanswered = new LinkedHashMap<>();
    private boolean wildcard;
    private boolean first = true;
    private boolean owesAnswer;
    private boolean gaveUp;
    private boolean withheld;

    /** How Envoy answered a response: the additions it was about with their versions, empty if it held none. */
    record Answer(List<String> additions, List<String> versions) {}

    TypeSubscription(ResourceType type, ResourceTable table) {
        this.type = type;
        this.table = table;
    }

    /** Takes what a request says about subscriptions. */
    void subscribe(DeltaDiscoveryRequest request) {
        if (first) {
            sent.putAll(request.getInitialResourceVersionsMap());
            held.putAll(request.getInitialResourceVersionsMap());
            if (type.isWildcard() && request.getResourceNamesSubscribeCount() == 0) {
                takeAll();
            }
        }
        for (var name : request.getResourceNamesSubscribeList()) {
            if (name.equals(WILDCARD)) {
                takeAll();
            } else {
                names.add(name);
                askedFor(name, first);
            }
        }
        for (var name : request.getResourceNamesUnsubscribeList()) {
            if (name.equals(WILDCARD)) {
                wildcard = false;
            } else if (names.remove(name) && !wildcard) {
                forget(name);
            }
        }
        first = false;
    }

    /** The resource has come, changed or gone. */
    void changed(String name) {
        if (!wildcard && !names.contains(name)) {
            return;
        }
        var resource = resource(name);
        additions.remove(name);
        removals.remove(name);
        missing.remove(name);
        if (resource == null) {
            suspects.remove(name);
            if (sent.containsKey(name)) {
                removals.add(name);
            }
        } else if (!resource.version().equals(sent.get(name))) {
            additions.add(name);
        }
    }

    /** As if there were nothing of this type any more: what Envoy holds is taken back. */
    void withhold() {
        withheld = true;
        additions.clear();
        List.copyOf(sent.keySet()).forEach(this::changed);
    }

    /** The opposite of {@link #withhold}. */
    void restore() {
        withheld = false;
        table.of(type).keySet().forEach(this::changed);
    }

    /** Sends it anew though nothing about it has changed. */
    void sendAgain(String name) {
        if (wildcard || names.contains(name)) {
            sent.remove(name);
            changed(name);
        }
    }

    /** The version that Envoy has acknowledged last; null if none. */
    @Nullable
    String held(String name) {
        return held.get(name);
    }

    boolean hasAdditions() {
        return owesAnswer || !additions.isEmpty() || !missing.isEmpty();
    }

    /** What refers to resources of this type might go out too early. */
    boolean holdsBackReferrers() {
        return hasAdditions() || isWaiting();
    }

    boolean hasRemovals() {
        return !removals.isEmpty();
    }

    /** Envoy has yet to answer: nothing more is sent. */
    boolean isWaiting() {
        return !unanswered.isEmpty() && !gaveUp;
    }

    boolean isQuiet() {
        return !hasAdditions() && !hasRemovals() && !isWaiting();
    }

    /**
     * Waits for the response with this nonce no longer, if it is still the latest one and unanswered.
     *
     * @return the additions that Envoy has not answered for; null if there is nothing to give up on
     */
    @Nullable
    List<String> giveUpOn(String nonce) {
        if (unanswered.isEmpty() || !unanswered.lastEntry().getKey().equals(nonce)) {
            return null;
        }
        gaveUp = true;
        return List.copyOf(unanswered.lastEntry().getValue().keySet());
    }

    DeltaDiscoveryResponse nextAdditions(String nonce) {
        owesAnswer = false;
        var response =
                DeltaDiscoveryResponse.newBuilder().setTypeUrl(type.typeUrl()).setNonce(nonce);
        var added = new LinkedHashMap<String, String>();
        var size = 0L;
        for (var next = additions.iterator(); next.hasNext() && added.size() < MAX_RESOURCES && size < MAX_BYTES; ) {
            var name = next.next();
            var alone = suspects.contains(name);
            if (alone && !added.isEmpty()) {
                break;
            }
            next.remove();
            var resource = resource(name);
            if (resource == null) {
                continue;
            }
            added.put(name, resource.version());
            sent.put(name, resource.version());
            size += resource.body().getSerializedSize();
            response.addResources(Resource.newBuilder()
                    .setName(name)
                    .setVersion(resource.version())
                    .setResource(resource.body()));
            if (alone) {
                break;
            }
        }
        response.addAllRemovedResources(missing);
        missing.clear();
        await(nonce, added);
        return response.build();
    }

    DeltaDiscoveryResponse nextRemovals(String nonce) {
        removals.forEach(sent::remove);
        removals.forEach(held::remove);
        var response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setNonce(nonce)
                .addAllRemovedResources(removals);
        removals.clear();
        await(nonce, new LinkedHashMap<>());
        return response.build();
    }

    /** @return what was answered; null if the request answers nothing that is waited for */
    @Nullable
    Answer answered(DeltaDiscoveryRequest request) {
        var waited = unanswered.remove(request.getResponseNonce());
        if (waited == null) {
            return null;
        }
        var added = List.copyOf(waited.keySet());
        if (!request.hasErrorDetail()) {
            added.forEach(suspects::remove);
            held.putAll(waited);
        } else if (added.size() > 1) {
            suspects.addAll(added);
            added.forEach(this::sendAgain);
        }
        return new Answer(added, List.copyOf(waited.values()));
    }

    private @Nullable EnvoyResource resource(String name) {
        return withheld ? null : table.get(type, name);
    }

    private void await(String nonce, SequencedMap<String, String> added) {
        unanswered.put(nonce, added);
        gaveUp = false;
    }

    private void takeAll() {
        wildcard = true;
        owesAnswer = first;
        table.of(type).keySet().forEach(this::changed);
        List.copyOf(sent.keySet()).forEach(this::changed);
    }

    /**
     * A name is asked for: Envoy waits for it, so it is told even if it does not exist. On the first request of a stream
     * Envoy may hold it already, and has said so.
     */
    private void askedFor(String name, boolean mayBeHeld) {
        if (!mayBeHeld) {
            sent.remove(name);
        }
        changed(name);
        if (resource(name) == null) {
            removals.remove(name);
            sent.remove(name);
            missing.add(name);
        }
    }

    private void forget(String name) {
        sent.remove(name);
        held.remove(name);
        additions.remove(name);
        removals.remove(name);
        missing.remove(name);
        suspects.remove(name);
    }
}
