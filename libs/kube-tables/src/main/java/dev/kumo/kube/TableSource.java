// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.Watchable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which objects a table holds, and what of them it keeps.
 *
 * @param name names the source in resourceVersion vectors, metrics and logs, such as "pods"
 * @param objects what is listed and watched
 * @param blank an empty object of the type; the informer keeps only such a one with the identifying metadata
 * @param view what the table keeps of an object; null leaves the object out, an exception makes it a problem
 */
public record TableSource<R extends HasMetadata, V>(
        String name, Function<KubernetesClient, Informable<R>> objects, Supplier<R> blank, View<R, V> view) {
    /** Lists come in pages of this size, so that neither side holds a whole cluster in one answer. */
    private static final long PAGE = 500;

    /** Reads one object. */
    @FunctionalInterface
    public interface View<R, V> {
        @Nullable
        V of(R resource, KubernetesSerialization serialization);
    }

    /** All objects of a built-in type, in every namespace. */
    public static <R extends HasMetadata, V> TableSource<R, V> all(
            String name, Class<R> type, Supplier<R> blank, Function<R, @Nullable V> view) {
        return new TableSource<>(
                name,
                client -> client.resources(type).inAnyNamespace().withLimit(PAGE),
                blank,
                (resource, _) -> view.apply(resource));
    }

    /** All objects of a built-in type in one namespace. */
    public static <R extends HasMetadata, V> TableSource<R, V> inNamespace(
            String name, String namespace, Class<R> type, Supplier<R> blank, Function<R, @Nullable V> view) {
        return new TableSource<>(
                name,
                client -> client.resources(type).inNamespace(namespace).withLimit(PAGE),
                blank,
                (resource, _) -> view.apply(resource));
    }

    /** One object by its name: a table of one row or none, for which rights to that name suffice. */
    public static <R extends HasMetadata, V> TableSource<R, V> named(
            String name, ObjectName object, Class<R> type, Supplier<R> blank, Function<R, @Nullable V> view) {
        return new TableSource<>(
                name,
                client -> client.resources(type).inNamespace(object.namespace()).withName(object.name()),
                blank,
                (resource, _) -> view.apply(resource));
    }

    /**
     * All objects of a custom type. They are listed undecoded and decoded one by one, so that one which doesn't fit is its
     * own problem and of no other. Until the type is installed the table is empty and synced.
     */
    public static <C extends HasMetadata, V> TableSource<GenericKubernetesResource, V> custom(
            String name, Class<C> type, Function<C, @Nullable V> view) {
        var definition = ResourceDefinitionContext.fromResourceType(type);
        return new TableSource<>(
                name,
                client -> client.genericKubernetesResources(definition)
                        .inAnyNamespace()
                        .withLimit(PAGE),
                GenericKubernetesResource::new,
                (resource, serialization) -> view.apply(serialization.convertValue(resource, type)));
    }

    /** The same objects, to be watched; whatever the client can keep an informer of it can watch. */
    @SuppressWarnings("unchecked")
    Watchable<R> watchable(KubernetesClient client) {
        return (Watchable<R>) objects.apply(client);
    }
}
