// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * What policy-service says of this node's endpoints, and who waits for it. Any thread; waiters are told outside the lock, on
 * the thread that brings the news.
 */
final class KnownEndpoints {
    private record Known(Address address, Security security) {}

    private record Waiter(Attachment attachment, String uid, Address address, CompletableFuture<Security> result) {}

    private final Map<String, Known> byUid = new HashMap<>();
    private final Set<String> withdrawn = new HashSet<>();
    private final List<Waiter> waiters = new ArrayList<>();

    void put(String uid, Endpoint endpoint) {
        var known = new Known(
                Address.of(endpoint.getAddress()), new Security(endpoint.getIdentity(), endpoint.getClassNumber()));
        List<Waiter> served;
        synchronized (this) {
            byUid.put(uid, known);
            withdrawn.remove(uid);
            served = take(
                    waiter -> known.security.known() && waiter.uid.equals(uid) && waiter.address.equals(known.address));
        }
        served.forEach(waiter -> waiter.result.complete(known.security));
    }

    synchronized void remove(String uid) {
        if (byUid.remove(uid) != null) {
            withdrawn.add(uid);
        }
    }

    /** All that was withdrawn so far has been taken away from the pods. */
    synchronized void settle() {
        withdrawn.clear();
    }

    /**
     * What is said of a pod at an address: {@link Security#NONE} if it was withdrawn, nothing if nothing was ever said of
     * just this address (then what is installed stands).
     */
    synchronized Optional<Security> find(String uid, Address address) {
        if (withdrawn.contains(uid)) {
            return Optional.of(Security.NONE);
        }
        return Optional.ofNullable(byUid.get(uid))
                .filter(known -> known.address.equals(address))
                .map(Known::security);
    }

    /** Completes once something is said of the pod at this address, or with an EndpointException by {@link #cancel}. */
    CompletableFuture<Security> await(PodEndpoint endpoint) {
        var uid = endpoint.pod().uid();
        var result = new CompletableFuture<Security>();
        synchronized (this) {
            var known = byUid.get(uid);
            if (known != null && known.security.known() && known.address.equals(endpoint.address())) {
                result.complete(known.security);
            } else {
                waiters.add(new Waiter(endpoint.attachment(), uid, endpoint.address(), result));
            }
        }
        return result;
    }

    /** Ends the waits of an interface: it is being deleted, or has waited long enough. */
    void cancel(Attachment attachment) {
        List<Waiter> ended;
        synchronized (this) {
            ended = take(waiter -> waiter.attachment.equals(attachment));
        }
        var reason = new EndpointException(Reason.UNKNOWN_POD, attachment + " is deleted while it is added");
        ended.forEach(waiter -> waiter.result.completeExceptionally(reason));
    }

    private List<Waiter> take(Predicate<Waiter> which) {
        var taken = waiters.stream().filter(which).toList();
        waiters.removeAll(taken);
        return taken;
    }
}
