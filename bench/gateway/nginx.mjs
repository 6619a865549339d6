// nginx in the gateway's place: what a proxy written in C, that only copies bytes, costs on the same machine in the same run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '../peer/process.mjs';
import { until } from '../peer/http.mjs';
import net from 'node:net';

export const hasNginx = () => { try { execFileSync('nginx', ['-v'], { stdio: 'ignore' }); return true; } catch { return false; } };

export async function startNginx(folder, port, node, secret) {
  mkdirSync(folder, { recursive: true });
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`).join(' ');
  writeFileSync(join(folder, 'nginx.conf'), `
    daemon off; worker_processes auto; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 4096; }
    http {
      access_log off; keepalive_requests 1000000000; ${temp}
      upstream node { server 127.0.0.1:${node}; keepalive 256; keepalive_requests 1000000000; }
      map $host $tenant { ~^(?<label>[^.]+)\\. $label; }
      server {
        listen 127.0.0.1:${port} backlog=4096;
        location / {
          proxy_pass http://node; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
          proxy_set_header X-Platform-Tenant $tenant; proxy_set_header X-Platform-Secret ${secret};
          proxy_set_header X-Platform-Client-Address $remote_addr; proxy_set_header X-Platform-Client-Scheme http;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto http; proxy_set_header X-Forwarded-Host $http_host;
        }
      }
    }`);
  const server = new Server('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]);
  // A master that is killed leaves its workers behind: it gets the time to end them first.
  process.prependListener('exit', () => {
    if (server.isOver) return;
    server.child.kill('SIGTERM');
    execFileSync('sleep', ['0.5']);
  });
  await until('nginx answers', () => new Promise((resolve, reject) => {
    if (server.isOver) throw new Error(server.output);
    const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', reject);
  }), 10);
  return server;
}
