// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a program of {@code bench/} prints: a JSON object a line on standard output (bench/README.md). Stateless. */
public final class Samples {
    private Samples() {}

    public static void sample(String metric, String unit, String subject, double value) {
        System.out.printf(
                Locale.ROOT,
                "{\"metric\": \"%s\", \"unit\": \"%s\", \"subject\": \"%s\", \"value\": %.4f}%n",
                metric,
                unit,
                subject,
                value);
    }

    /** Each value by itself. */
    public static void samples(String metric, String unit, String subject, List<Double> values) {
        values.forEach(value -> sample(metric, unit, subject, value));
    }

    /** Percentiles 50, 90 and 99 as subjects {@code p50}, {@code p90} and {@code p99} after the prefix. */
    public static void percentiles(String metric, String unit, String prefix, List<Double> values) {
        var sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        for (int percent : List.of(50, 90, 99)) {
            int place = Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1);
            sample(metric, unit, prefix + "p" + percent, sorted[place]);
        }
    }

    /** A sentence for below the table. */
    public static void note(String sentence) {
        System.out.printf("{\"note\": \"%s\"}%n", sentence);
    }

    /** Milliseconds that it takes. */
    public static double millis(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e6;
    }

    /** Megabytes of the heap that are in use after collections. */
    public static double heapInUse() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
    }

    /** The number after an option, such as {@code --pods 1000}. */
    public static int option(String[] arguments, String name, int otherwise) {
        int place = Arrays.asList(arguments).indexOf(name);
        return place < 0 ? otherwise : Integer.parseInt(arguments[place + 1]);
    }
}
