// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** A custom resource of the tests. */
@Group("test.kumo.dev")
@Version("v1")
public class Widget extends CustomResource<Widget.Spec, Void> {
    /** Has one number. */
    public static class Spec {
        public int size;
    }
}
