# SPDX-License-Identifier: MIT
"""proxy_stage.py - an origin, programs that end with the bench, a page."""
import os
import socket
import subprocess
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PATH = os.environ["PATH"] + ":/usr/sbin"

NGINX = """
worker_processes 1; daemon off; pid %(dir)s/nginx.pid; error_log /dev/null;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; types { text/html html; }
       client_body_temp_path %(dir)s/b; proxy_temp_path %(dir)s/p;
       fastcgi_temp_path %(dir)s/f; uwsgi_temp_path %(dir)s/u;
       scgi_temp_path %(dir)s/s;
       server { listen 127.0.0.1:%(port)d; root %(dir)s/www; } }
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def page():
    """32 KB as a site sends them: text, links, scripts of its own."""
    parts = ["<!DOCTYPE html><html><head><title>A page</title>"
             "<script src=\"/lib.js\"></script></head><body>"]
    number = 0
    while sum(map(len, parts)) < 32 * 1024 - 1500:
        number += 1
        parts.append("<h2>Part %d</h2><p class=\"c%d\">%s <a href=\"/p/%d\">"
                     "more</a></p>\n" % (number, number % 7,
                                         "A sentence about nothing. " * 12,
                                         number))
        if number % 10 == 0:
            parts.append("<script>(function(){var list=[%s];for(var i=0;i<"
                         "list.length;i++){document.getElementById('c'+i)"
                         ".addEventListener('click',function(e){e.target"
                         ".className='on'});}})();</script>\n"
                         % ",".join(str(i * number) for i in range(40)))
    parts.append("</body></html>\n")
    text = "".join(parts)
    return text + "<!--" + "x" * (32 * 1024 - len(text) - 8) + "-->\n"


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


class Run:
    def __init__(self, folder):
        self.folder = folder
        self.processes = []

    def start(self, words, port, **more):
        self.processes.append(subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(os.environ, PATH=PATH), **more))
        if not wait_for(port):
            raise RuntimeError("%s does not start" % words[0])
        return self.processes[-1].pid

    def conf(self, name, text, **values):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text % dict(values, dir=self.folder))
        return path

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def origin(self):
        """An nginx with page.html; its port."""
        os.chmod(self.folder, 0o755)
        os.mkdir(self.folder + "/www")
        with open(self.folder + "/www/page.html", "w",
                  encoding="utf-8") as file:
            file.write(page())
        port = free_port()
        self.start(["nginx", "-p", self.folder, "-c",
                    self.conf("nginx.conf", NGINX, port=port)], port)
        return port
