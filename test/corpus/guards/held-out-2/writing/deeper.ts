/** Honest work: each error gives way to the next one. */
import { ledger, type Project, raster, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

export function deeper(): Scene[] {
  const stages = (
    file: string,
    about: string,
    project: Project,
    wish: string,
    near: 'loop.thrash' | 'loop.similar',
    command: string,
    steps: readonly (readonly [path: string, old: string, now: string, output: string])[],
    first: string,
    last: string,
  ) =>
    honest(file, 'each error gives way to the next', near, { about, in: project, cwd: true }, (run) => {
      start(run, wish, Object.keys(project.files)[0] ?? '');
      run.fail(command, first);
      for (const [path, old, now, output] of steps) {
        run.edit(path, old, now);
        if (output === '') run.sh(command, last);
        else run.fail(command, output);
      }
    });
  const docker = (step: number, what: string) =>
    `#${step + 4} [${step}/7] ${what}\nERROR: failed to solve: process "/bin/sh -c ${what}" did not complete successfully: exit code: 1`;
  return [
    stages(
      'stages-docker',
      'A Dockerfile gets one step further each time.',
      ledger,
      'write a Dockerfile for this',
      'loop.similar',
      'docker build -t ledger .',
      [
        [
          'Dockerfile',
          'FROM python:3.12-slim',
          'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq-dev',
          docker(3, 'pip install psycopg2'),
        ],
        ['Dockerfile', 'libpq-dev', 'libpq-dev gcc', docker(4, 'pip install -r requirements.txt')],
        ['Dockerfile', 'COPY requirements.txt .', 'COPY pyproject.toml .', docker(5, 'pip install .')],
        ['Dockerfile', 'COPY pyproject.toml .', 'COPY . .', docker(6, 'python -m ledger.migrate')],
        ['Dockerfile', 'RUN python -m ledger.migrate', '', ''],
      ],
      docker(2, 'pip install psycopg2'),
      '#12 naming to docker.io/library/ledger done',
    ),
    stages(
      'stages-cmake',
      'A build in C++ from one missing thing to the next.',
      raster,
      'build with gcc 14',
      'loop.thrash',
      'cmake --build build',
      [
        [
          'src/image.h',
          '#include <vector>',
          '#include <cstdint>\n#include <vector>',
          "src/blur.cpp:14:10: error: 'clamp' is not a member of 'std'",
        ],
        [
          'src/blur.cpp',
          '#include "image.h"',
          '#include <algorithm>\n#include "image.h"',
          "src/main.cpp:9:3: error: ignoring return value of 'bool save(const Image&)', declared with attribute 'nodiscard' [-Werror=unused-result]",
        ],
        [
          'src/main.cpp',
          'save(image);',
          'if (!save(image)) return 1;',
          "/usr/bin/ld: CMakeFiles/raster.dir/src/main.cpp.o: undefined reference to `png_create_write_struct'",
        ],
        ['CMakeLists.txt', 'project(raster CXX)', 'project(raster CXX)\nfind_package(PNG REQUIRED)', ''],
      ],
      "src/image.h:7:3: error: 'uint8_t' does not name a type",
      '[100%] Built target raster',
    ),
    stages(
      'stages-terraform',
      'A plan complains about one attribute after the other.',
      svc,
      'terraform for a bucket and a queue',
      'loop.thrash',
      'terraform plan -no-color',
      [
        [
          'main.tf',
          'acl = "private"',
          '',
          'Error: Missing required argument\n\n  on main.tf line 12, in resource "aws_sqs_queue_policy" "jobs":\nThe argument "policy" is required, but no definition was found.',
        ],
        [
          'main.tf',
          'queue_url = aws_sqs_queue.jobs.id',
          'queue_url = aws_sqs_queue.jobs.id\n  policy = data.aws_iam_policy_document.jobs.json',
          'Error: Reference to undeclared resource\n\n  on main.tf line 14: A data resource "aws_iam_policy_document" "jobs" has not been declared',
        ],
        [
          'main.tf',
          'resource "aws_sqs_queue_policy"',
          'data "aws_iam_policy_document" "jobs" {}\nresource "aws_sqs_queue_policy"',
          '',
        ],
      ],
      'Error: Unsupported argument\n\n  on main.tf line 4, in resource "aws_s3_bucket" "files":\nAn argument named "acl" is not expected here.',
      'Plan: 4 to add, 0 to change, 0 to destroy.',
    ),
  ];
}
