// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import dev.kumo.policy.crd.CiliumIdentity;
import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import jakarta.inject.Singleton;

/** What the policy service watches. */
@Singleton
public final class PolicyTables {
    private final TableSet all;
    private final KubeTable<PodView> pods;
    private final KubeTable<NamespaceView> namespaces;
    private final KubeTable<NodeView> nodes;
    private final KubeTable<IdentityView> identities;
    private final RuleTables rules;

    PolicyTables(TableSet all) {
        this.all = all;
        this.pods = all.add(TableSource.all("pods", Pod.class, Pod::new, PolicyReader::pod));
        this.namespaces =
                all.add(TableSource.all("namespaces", Namespace.class, Namespace::new, PolicyReader::namespace));
        this.nodes = all.add(TableSource.all("nodes", Node.class, Node::new, PolicyReader::node));
        this.identities = all.add(TableSource.custom("ciliumidentities", CiliumIdentity.class, PolicyReader::identity));
        this.rules = new RuleTables(all);
    }

    TableSet all() {
        return all;
    }

    KubeTable<PodView> pods() {
        return pods;
    }

    KubeTable<NamespaceView> namespaces() {
        return namespaces;
    }

    KubeTable<NodeView> nodes() {
        return nodes;
    }

    KubeTable<IdentityView> identities() {
        return identities;
    }

    RuleTables rules() {
        return rules;
    }
}
