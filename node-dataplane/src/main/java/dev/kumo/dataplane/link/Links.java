// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.map.Address;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The node's links and routes. Calls block for about a millisecond; platform threads only, any of them. All throw
 * {@link LinkException}.
 */
public interface Links extends AutoCloseable {
    Optional<Link> find(String name);

    Optional<Link> find(int index);

    /** The device that holds an address of the node. */
    Optional<Link> findByAddress(Address address);

    /** All devices of the node's namespace. */
    List<Link> list();

    /** Removes a device, with its peer if it is a pair; false if there was none. */
    boolean delete(String name);

    /**
     * Makes a pod's link ready for use: the pair, addresses, routes, neighbours and settings on both sides. Either all of it
     * is made or nothing is left.
     *
     * @return the node's side
     * @throws LinkException NETNS_GONE if the namespace isn't there, INTERFACE_CONFLICT if either name is taken
     */
    Link createPod(PodLink pod);

    /**
     * What a pod has under a name.
     *
     * @throws LinkException NETNS_GONE if the namespace isn't there
     */
    Optional<PodInterface> inspectPod(Path netns, String podName);

    /** Makes the VXLAN device, or brings the one of that name into line; one of another kind is made anew. */
    Link ensureOverlay(OverlayLink overlay);

    /**
     * What pods' links and redirection to the L7 proxy need of the node: forwarding on, reverse-path filtering and early
     * demultiplexing off, marked packets routed to the node itself. May be repeated.
     */
    void prepareNode();

    /**
     * Makes an address the node's own though no device has it, and no other: sockets may use it, and packets for it are for the
     * node. May be repeated.
     *
     * @param address 0.0.0.0 for none
     */
    void holdAddress(Address address);

    /** Takes the rules and the route of redirection away again, and the address that was held; settings stay, since others may rely on them by now. */
    void releaseNode();

    /** Writes a route, in place of one of ours to the same prefix. */
    void replaceRoute(Route route);

    /** Removes our route to a prefix; false if there was none. */
    boolean deleteRoute(Address destination, int bits);

    /** Routes that carry our protocol number, whoever wrote them. */
    List<Route> routes();

    /**
     * Tells of every change of the node's devices, on a thread of its own, beginning with all that exist.
     *
     * @return ends the watch
     */
    AutoCloseable watch(Consumer<LinkEvent> listener);

    @Override
    void close();
}
