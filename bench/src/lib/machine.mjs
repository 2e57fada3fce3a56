import { spawnSync } from 'node:child_process';
import { cpus, platform, release, totalmem } from 'node:os';

const versionsOfPeer = `
import json, platform
from importlib.metadata import version
names = ["numpy", "pandas", "pyarrow", "scikit-learn", "imbalanced-learn"]
print(json.dumps({"python": platform.python_version(), **{name: version(name) for name in names}}))
`;

/** What the figures were measured on. */
export function describeMachine(python) {
  const asked = python ? spawnSync(python, ['-c', versionsOfPeer], { encoding: 'utf8' }) : null;
  return {
    processor: cpus()[0]?.model.trim() ?? 'not known',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release().split('-')[0]}`,
    node: process.versions.node,
    peer: asked?.status === 0 ? JSON.parse(asked.stdout) : null,
  };
}

export function machineSentence({ processor, cores, memoryGiB, system, node, peer }) {
  const beside = peer
    ? `; Python ${peer.python}, scikit-learn ${peer['scikit-learn']}, imbalanced-learn ${peer['imbalanced-learn']}, pandas ${peer.pandas}, numpy ${peer.numpy}`
    : '';
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}${beside}.`;
}
