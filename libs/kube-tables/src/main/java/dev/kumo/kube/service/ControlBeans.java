// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.kube.ApiServers;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.ObjectName;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TokenReviewAuthenticator;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.server.FeedState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Arrays;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the objects of {@code kube-tables} and {@code state-stream} from the configuration, one of each a service. */
@ApplicationScoped
public class ControlBeans {
    /** The one feed that this service serves, found by the application's name. */
    @Produces
    @Singleton
    FeedIdentity feed(@ConfigProperty(name = "quarkus.application.name") String application) {
        return new FeedIdentity(Arrays.stream(FeedMethods.values())
                .filter(methods -> methods.service().equals(application))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no feed is served by '" + application + "'")));
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    KubernetesClient client(ControlConfig config, KubernetesSerialization serialization) {
        var account = config.serviceAccountDirectory();
        return new ApiServers(config.apiServers(), account.resolve("token"), account.resolve("ca.crt"))
                .client(serialization);
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }

    @Produces
    @Singleton
    FeedState feedState() {
        return FeedState.empty();
    }

    @Produces
    @Singleton
    TableSet tables(FeedIdentity feed, KubernetesClient client) {
        return new TableSet(feed.methods().feed(), client);
    }

    @Produces
    @Singleton
    LeaderGate leader(FeedIdentity feed, ControlConfig config, KubernetesClient client) {
        return new LeaderGate(
                client, new ObjectName(config.namespace(), feed.methods().service()), config.podName());
    }

    @Produces
    @Singleton
    TokenReviewAuthenticator authenticator(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        return new TokenReviewAuthenticator(review -> client.resource(review).create(), clock, metrics);
    }

    void close(@Disposes TokenReviewAuthenticator authenticator) {
        authenticator.close();
    }
}
