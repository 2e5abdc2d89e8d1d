"""The names that Docker Hub gives to nobody but its official images: ``node`` is one, ``myapp`` is none."""

from __future__ import annotations

from typing import Final

from analyzers.syntax.image_reference import ImageReference

_PREFIX: Final = "docker.io/library/"
# docker-library/official-images of 2026-08-21, with what it no longer builds: that can still be pulled.
_LISTED: Final = """
    adminer adoptopenjdk aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux
    azul-zulu backdrop bash bonita buildpack-deps busybox caddy cassandra celery centos chronograf cirros clearlinux
    clefos clickhouse clojure composer consul convertigo couchbase couchdb couchdb-nouveau crate crux dart debian django
    docker drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang espocrm euleros
    express-gateway fedora flink fluentd friendica fsharp gazebo gcc geonetwork ghost glassfish golang gradle groovy
    haproxy haskell haxe hello-seattle hello-world hipache hitch hola-mundo httpd hylang ibm-semeru-runtimes ibmjava
    influxdb iojs irssi java jenkins jetty jobber joomla jruby julia kaazing-gateway kapacitor kibana known kong krakend
    lightstreamer lightstreamer-server liquibase logstash mageia mariadb matomo maven mediawiki memcached mongo
    mongo-express monica mono mosquitto mysql nats nats-streaming neo4j neurodebian nextcloud nginx nim node notary
    notary-server notary-signer nuxeo odoo open-liberty openjdk opensuse oraclelinux orientdb owncloud percona perl
    photon php php-zendserver phpmyadmin piwik plone postfixadmin postgres pypy python r-base rabbitmq rails rakudo-star
    rapidoid redis redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch sentry
    silverpeas sl solr sonarqube sourcemage spark spiped storm swarm swift swipl teamspeak telegraf thrift tomcat tomee
    traefik ubuntu ubuntu-debootstrap ubuntu-upstart unit varnish vault websphere-liberty wordpress xwiki yourls
    zend-php znc zookeeper
"""
_NAMES: Final = frozenset(_LISTED.split())


def is_nobodys(reference: ImageReference) -> bool:
    """Whether a name without namespace is no official image's: Docker Hub has no such image, somebody builds it."""
    name = reference.canonical
    return name.startswith(_PREFIX) and name.removeprefix(_PREFIX) not in _NAMES
