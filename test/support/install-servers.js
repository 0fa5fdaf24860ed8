// Makes sure that the servers and other programs the tests need are on this machine. `npm test` runs it before anything else.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { findServerPrograms } from './servers-binaries.js';

const PACKAGES = [
  ...['mariadb-server', 'galera-4', 'rsync', 'postgresql', 'openssl'],
  ...['chromium', 'systemd', 'prometheus'],
];
const IS_DEBIAN = existsSync('/etc/debian_version');
const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_KEPT = `${POLICY}.kept`;

if (listMissing().length > 0) {
  say(`The tests need programs this machine lacks: ${listMissing().join(', ')}.`);
  if (IS_DEBIAN && process.getuid?.() === 0) install();
  if (listMissing().length > 0) {
    const byHand = IS_DEBIAN
      ? `sudo apt-get update && sudo apt-get install --yes ${PACKAGES.join(' ')}`
      : 'install MariaDB, Galera, PostgreSQL (servers included), Chromium, systemd and promtool with your package manager';
    say(`Run this once, then the tests again:\n  ${byHand}`);
    process.exitCode = 1;
  }
}

function listMissing() {
  return Object.entries(findServerPrograms())
    .filter(([, path]) => path === undefined)
    .map(([name]) => name);
}

/** Installs the packages, with their system services kept from starting. */
function install() {
  const packages = PACKAGES.join(' ');
  say(`Installing ${packages} with apt; their system services are kept from starting.`);
  const hadPolicy = existsSync(POLICY);
  if (hadPolicy) renameSync(POLICY, POLICY_KEPT);
  try {
    // Debian asks this script before it starts a service; 101 forbids it.
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    runApt('update');
    runApt('install', '--yes', '--no-install-recommends', ...PACKAGES);
  } finally {
    rmSync(POLICY);
    if (hadPolicy) renameSync(POLICY_KEPT, POLICY);
  }
}

/** @param {readonly string[]} args */
function runApt(...args) {
  spawnSync('apt-get', args, {
    // All of it goes to stderr.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}
