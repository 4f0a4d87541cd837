// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpFilter;
import dev.kumo.gateway.model.HttpFilter.PathChange;
import dev.kumo.gateway.model.HttpRule.BackendTarget;
import dev.kumo.gateway.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads filters and what backends and mirrors point to. Stateless. */
final class FilterReader {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Pattern BAD_PATH = Pattern.compile("[?#\\x00-\\x20\\x7f]");

    private FilterReader() {}

    /** @param namespace of the route, the default of references */
    static List<HttpFilter> filters(List<Fields> all, String namespace) throws InvalidField {
        var filters = new ArrayList<HttpFilter>();
        var once = new HashSet<String>();
        for (var fields : all) {
            var type = fields.needText("type");
            if (!type.equals("RequestMirror") && !once.add(type)) {
                throw new InvalidField(fields.path("type"), type + " is there twice");
            }
            filters.add(filter(fields, type, namespace));
            fields.end();
        }
        return filters;
    }

    private static HttpFilter filter(Fields fields, String type, String namespace) throws InvalidField {
        return switch (type) {
            case "RequestHeaderModifier" ->
                new HttpFilter.RequestHeaders(HeaderReader.change(fields.object("requestHeaderModifier")));
            case "ResponseHeaderModifier" ->
                new HttpFilter.ResponseHeaders(HeaderReader.change(fields.object("responseHeaderModifier")));
            case "RequestRedirect" -> redirect(fields.object("requestRedirect"));
            case "URLRewrite" -> rewrite(fields.object("urlRewrite"));
            case "RequestMirror" -> mirror(fields.object("requestMirror"), namespace);
            default -> throw new InvalidField(fields.path("type"), "filter " + type + " is not supported");
        };
    }

    private static HttpFilter.Redirect redirect(Fields fields) throws InvalidField {
        var scheme = fields.text("scheme").orElse("");
        if (!scheme.isEmpty() && !SCHEMES.contains(scheme)) {
            throw new InvalidField(fields.path("scheme"), scheme + " is not one of http, https");
        }
        var redirect = new HttpFilter.Redirect(
                scheme,
                host(fields),
                path(fields),
                fields.integer("port", 1, 65535),
                fields.integer("statusCode", 300, 399).orElse(302));
        if (!REDIRECTS.contains(redirect.status())) {
            throw new InvalidField(fields.path("statusCode"), "not one of 301, 302, 303, 307, 308");
        }
        fields.end();
        return redirect;
    }

    private static HttpFilter.Rewrite rewrite(Fields fields) throws InvalidField {
        var rewrite = new HttpFilter.Rewrite(host(fields), path(fields));
        fields.end();
        return rewrite;
    }

    private static HttpFilter.Mirror mirror(Fields fields, String namespace) throws InvalidField {
        var target = fields.object("backendRef");
        var mirrored = target(target, namespace);
        target.end();
        var percent = fields.integer("percent", 0, 100);
        var fraction = fields.object("fraction");
        int numerator = fraction.integer("numerator", 0, Integer.MAX_VALUE).orElse(percent.orElse(100));
        int denominator = fraction.integer("denominator", 1, Integer.MAX_VALUE).orElse(100);
        fraction.end();
        fields.end();
        if (numerator > denominator) {
            throw new InvalidField(fields.path("fraction"), "is more than one");
        }
        return new HttpFilter.Mirror(mirrored, numerator, denominator);
    }

    static BackendTarget target(Fields fields, String namespace) throws InvalidField {
        return new BackendTarget(
                fields.text("group").orElse(""),
                fields.text("kind").orElse("Service"),
                new ObjectKey(fields.text("namespace").orElse(namespace), fields.needText("name")),
                fields.integer("port", 1, 65535));
    }

    private static String host(Fields fields) throws InvalidField {
        var text = fields.text("hostname");
        if (text.isEmpty()) {
            return "";
        }
        return Hostname.of(text.get())
                .filter(hostname -> !hostname.isWildcard())
                .orElseThrow(() -> new InvalidField(fields.path("hostname"), "not a host name: " + text.get()))
                .text();
    }

    private static Optional<PathChange> path(Fields fields) throws InvalidField {
        if (!fields.has("path")) {
            return Optional.empty();
        }
        var path = fields.object("path");
        var type = path.needText("type");
        var change = switch (type) {
            case "ReplaceFullPath" -> new PathChange.Full(replacement(path, "replaceFullPath", true));
            case "ReplacePrefixMatch" -> new PathChange.Prefix(replacement(path, "replacePrefixMatch", false));
            default ->
                throw new InvalidField(path.path("type"), type + " is not one of ReplaceFullPath, ReplacePrefixMatch");
        };
        path.end();
        return Optional.of(change);
    }

    private static String replacement(Fields fields, String name, boolean full) throws InvalidField {
        var path = fields.needText(name);
        if (!path.isEmpty() && !path.startsWith("/") || BAD_PATH.matcher(path).find()) {
            throw new InvalidField(fields.path(name), "must begin with / and have no space, ? or #: " + path);
        }
        if (full) {
            return path.isEmpty() ? "/" : path;
        }
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
