// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import dev.kumo.cli.status.ClusterStatus.ComponentStatus;
import dev.kumo.cli.status.ClusterStatus.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A status as people read it: the picture, then facts, then what is wrong. */
public final class StatusText {
    /** A cloud: kumo. */
    private static final List<String> CLOUD = List.of(
            "         .-~~-.",
            "    .--~'      '~-.",
            " .-'   ~           '.",
            "(           ~        )",
            " '-.______________.-'",
            "    /  /  /  /  /");

    private static final int PICTURE_WIDTH = 26;
    private static final int TITLE_WIDTH = 20;
    private static final int LABEL_WIDTH = 18;
    private static final int NAME_WIDTH = 18;

    private StatusText() {}

    public static String of(ClusterStatus status) {
        var lines = new ArrayList<String>();
        addPicture(status.components(), lines);
        lines.add("");
        status.workloads()
                .forEach(workload -> lines.add(pad(workload.kind(), LABEL_WIDTH)
                        + pad(workload.name(), NAME_WIDTH)
                        + "Desired: %d, Ready: %d/%d, Available: %d/%d"
                                .formatted(
                                        workload.desired(),
                                        workload.ready(),
                                        workload.desired(),
                                        workload.available(),
                                        workload.desired())));
        addContainers(status.containers(), lines);
        lines.add(pad("Cluster Pods:", LABEL_WIDTH) + status.pods().managed() + "/"
                + status.pods().total() + " managed by Kumo");
        addImages(status.images(), lines);
        addFindings("Errors:", status.errors(), lines);
        addFindings("Warnings:", status.warnings(), lines);
        return String.join("\n", lines.stream().map(String::stripTrailing).toList());
    }

    private static void addPicture(List<ComponentStatus> components, List<String> lines) {
        for (int i = 0; i < Math.max(components.size(), CLOUD.size()); i++) {
            String picture = i < CLOUD.size() ? CLOUD.get(i) : "";
            String text = "";
            if (i < components.size()) {
                ComponentStatus component = components.get(i);
                text = pad(component.name() + ":", TITLE_WIDTH) + component.status();
            }
            lines.add(pad(picture, PICTURE_WIDTH) + text);
        }
    }

    private static void addContainers(SortedMap<String, Integer> containers, List<String> lines) {
        String label = "Containers:";
        for (Map.Entry<String, Integer> entry : containers.entrySet()) {
            lines.add(pad(label, LABEL_WIDTH) + pad(entry.getKey(), NAME_WIDTH) + "Running: " + entry.getValue());
            label = "";
        }
    }

    private static void addImages(SortedMap<String, SortedMap<String, Integer>> images, List<String> lines) {
        String label = "Image versions:";
        for (var workload : images.entrySet()) {
            for (var image : workload.getValue().entrySet()) {
                lines.add(pad(label, LABEL_WIDTH)
                        + pad(workload.getKey(), NAME_WIDTH)
                        + image.getKey() + ": " + image.getValue());
                label = "";
            }
        }
    }

    private static void addFindings(String title, List<Finding> findings, List<String> lines) {
        String label = title;
        for (Finding finding : findings) {
            lines.add(pad(label, LABEL_WIDTH) + pad(finding.workload(), NAME_WIDTH) + finding.message());
            label = "";
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
