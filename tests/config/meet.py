# predicted by config --with-peer all against what a real ssl_server2 does with the same hello
import json,subprocess,sys,os,time,socket
T='/work/wt-next/build/tlsdiag'
server,config,keyname,crt,key,extra=sys.argv[1:7]
port=14600+os.getpid()%300
pred=json.loads(subprocess.run([T,'config','--json','--with-peer','all','--mbedtls-version','3.6' if '3.6' in server else '2.28',config],capture_output=True,text=True).stdout)
peers={p['name']:p for p in pred['configs'][0]['peers']}
srv=subprocess.Popen([server,'server_port=%d'%port,'crt_file='+crt,'key_file='+key,'debug_level=0','server_addr=127.0.0.1']+extra.split(),stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)
time.sleep(0.7)
ok=bad=0
for n,p in peers.items():
    r=json.loads(subprocess.run([T,'probe','--json','--hello',n,'--attempts','1','--deep','0','127.0.0.1:%d'%port],capture_output=True,text=True).stdout or '{}')
    hs=[h for h in r.get('handshakes',[]) if 'asked_otherwise' not in h]
    h=hs[0] if hs else {}
    m=[x for x in p['meetings'] if x['key'].startswith(keyname)][0]
    cs=(h.get('cipher_suite') or {}).get('name')
    ske=h.get('server_key_exchange') or {}
    got=(h.get('version'),cs)
    want=(m.get('version',{}).get('name'),m.get('cipher_suite',{}).get('name')) if m['agreed'] else (m['stops_at'],None)
    grp=None
    def find(o,k):
        if isinstance(o,dict):
            for a,b in o.items():
                if a==k: yield b
                yield from find(b,k)
        elif isinstance(o,list):
            for b in o: yield from find(b,k)
    g=[x for x in find(h,'group')]; s=[x for x in find(h,'signature_scheme')]
    same = m['agreed']==(cs is not None) and (cs is None or cs==want[1])
    gn=(m.get('group') or {}).get('name'); sn=(m.get('signature_scheme') or {}).get('name')
    g=[x['name'] for x in g]; s=[x['value'] for x in s]
    same = same and (not g or g[0]==gn) and (not s or (m.get('signature_scheme') or {}).get('value')==s[0])
    same or print('BAD', n, want, gn, sn, '|', got, g, s)
    ok+=same; bad+=not same
srv.kill(); srv.wait()
print(ok,'same',bad,'differ')
