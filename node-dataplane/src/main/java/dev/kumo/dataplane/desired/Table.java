// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.desired;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kumo.contract.announcement.v1.Announcement;
import dev.kumo.contract.envoy.v1.EnvoyResource;
import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.Identity;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of a feed and the message that its values are, as the feeds' {@code .proto} files list them. */
public record Table<T extends MessageLite>(FeedMethods feed, String name, Class<T> type, Parser<T> parser) {
    public static final Table<Node> NODES = new Table<>(FeedMethods.POLICY, "nodes", Node.class, Node.parser());
    public static final Table<Identity> IDENTITIES =
            new Table<>(FeedMethods.POLICY, "identities", Identity.class, Identity.parser());
    public static final Table<AddressIdentity> ADDRESSES =
            new Table<>(FeedMethods.POLICY, "addresses", AddressIdentity.class, AddressIdentity.parser());
    public static final Table<Endpoint> ENDPOINTS =
            new Table<>(FeedMethods.POLICY, "endpoints", Endpoint.class, Endpoint.parser());
    public static final Table<PolicyClass> CLASSES =
            new Table<>(FeedMethods.POLICY, "classes", PolicyClass.class, PolicyClass.parser());
    public static final Table<HttpRuleSet> RULE_SETS =
            new Table<>(FeedMethods.POLICY, "rule_sets", HttpRuleSet.class, HttpRuleSet.parser());
    public static final Table<Service> SERVICES =
            new Table<>(FeedMethods.SERVICE, "services", Service.class, Service.parser());
    public static final Table<Backend> BACKENDS =
            new Table<>(FeedMethods.SERVICE, "backends", Backend.class, Backend.parser());
    public static final Table<EnvoyResource> RESOURCES =
            new Table<>(FeedMethods.ENVOY, "resources", EnvoyResource.class, EnvoyResource.parser());
    public static final Table<Redirect> REDIRECTS =
            new Table<>(FeedMethods.ENVOY, "redirects", Redirect.class, Redirect.parser());
    public static final Table<Announcement> ANNOUNCEMENTS =
            new Table<>(FeedMethods.ANNOUNCEMENT, "announcements", Announcement.class, Announcement.parser());

    private static final Map<String, Table<?>> BY_NAME = Stream.<Table<?>>of(
                    NODES,
                    IDENTITIES,
                    ADDRESSES,
                    ENDPOINTS,
                    CLASSES,
                    RULE_SETS,
                    SERVICES,
                    BACKENDS,
                    RESOURCES,
                    REDIRECTS,
                    ANNOUNCEMENTS)
            .collect(Collectors.toUnmodifiableMap(Table::name, Function.identity()));

    /** The feed's table of that name; empty for one that this version doesn't know. */
    public static Optional<Table<?>> of(FeedMethods feed, String name) {
        return Optional.<Table<?>>ofNullable(BY_NAME.get(name)).filter(table -> table.feed == feed);
    }

    public ItemKey item(String key) {
        return new ItemKey(name, key);
    }
}
