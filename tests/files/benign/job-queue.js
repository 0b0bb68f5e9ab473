const queue = {submit: function (job) { return fetch("/jobs", {method: "POST", body: JSON.stringify({job_id: job.id, type: "render", priority: 2})}); },
  poll: function (id) { return fetch("/jobs/" + id).then(function (r) { return r.json(); }).then(function (j) { return j.result; }); }};
