// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TypeRulesTest {
    /** A rule with a misspelt name would allow nothing or, worse, refuse nothing. */
    @Test
    void everyRuleNamesWhatExists() {
        assertThat(TypeRules.RESTRICTED.names()).isNotEmpty().allMatch(this::exists);
    }

    private boolean exists(String name) {
        if (EnvoyTypes.find(name).isPresent() || PACKAGES.contains(name)) {
            return true;
        }
        int dot = name.lastIndexOf('.');
        return EnvoyTypes.find(name.substring(0, dot))
                .filter(type -> type.findFieldByName(name.substring(dot + 1)) != null)
                .isPresent();
    }

    private static final Set<String> PACKAGES = packages();

    private static Set<String> packages() {
        var seen = new HashSet<String>();
        var packages = new HashSet<String>();
        EnvoyTypes.files().forEach(file -> add(file, seen, packages));
        return packages;
    }

    private static void add(FileDescriptor file, Set<String> seen, Set<String> packages) {
        if (seen.add(file.getFullName())) {
            packages.add(file.getPackage());
            file.getDependencies().forEach(dependency -> add(dependency, seen, packages));
        }
    }
}
