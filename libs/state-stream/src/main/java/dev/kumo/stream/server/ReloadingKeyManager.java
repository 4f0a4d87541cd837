// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each new handshake the certificate of the moment. An alias names one generation, so that a handshake which a reload
 * overtakes still gets key and certificate of the same pair. Any thread.
 */
final class ReloadingKeyManager extends X509ExtendedKeyManager {
    private final ServerTls source;
    private volatile @Nullable Generation current;
    private volatile @Nullable Generation previous;

    private record Generation(String alias, ServerTls.Identity pem, X509Certificate[] chain, PrivateKey key) {}

    ReloadingKeyManager(ServerTls source) {
        this.source = source;
    }

    /**
     * Reads the source and takes what it holds if that has changed; on failure the last good pair stays.
     *
     * @return whether another certificate serves from now on
     */
    synchronized boolean reload() throws IOException, GeneralSecurityException {
        var pem = source.read();
        var old = current;
        if (pem == null || (old != null && pem.sameAs(old.pem()))) {
            return false;
        }
        var chain = CertificateUtils.getX509Certificates(new ByteArrayInputStream(pem.chain()));
        if (chain.length == 0) {
            throw new GeneralSecurityException("the certificate chain is empty");
        }
        var key = CertificateUtils.getPrivateKey(new ByteArrayInputStream(pem.key()));
        previous = old;
        current = new Generation(old == null || old.alias().equals("b") ? "a" : "b", pem, chain, key);
        return true;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        var generation = current;
        return generation != null && generation.key().getAlgorithm().equals(keyType) ? generation.alias() : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var generation = named(alias);
        return generation == null ? null : generation.chain();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var generation = named(alias);
        return generation == null ? null : generation.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private @Nullable Generation named(String alias) {
        var newest = current;
        return newest != null && newest.alias().equals(alias) ? newest : previous;
    }
}
