-- PostgreSQL alone leaves room on its pages; the folders of both engines keep in step.
SELECT 1;
