import time, os, sys
def cpu(pid):
    f=open(f"/proc/{pid}/stat").read().split(")")[1].split(); return (int(f[13])+int(f[14]))/100
def test_prof(run, zygote, backdrop):
    backdrop("plan")
    for order in ("", "send.after:1"):
        a=time.process_time(); b=cpu(zygote._process.pid); t=time.time()
        out=run("plan", order)
        sys.stderr.write(f"\n{order} wall {time.time()-t:.2f} own {time.process_time()-a:.2f} children {cpu(zygote._process.pid)-b:.2f} kills {out.kills}\n")
