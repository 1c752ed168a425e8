"""Words that name nothing: those of every sentence and every fault, and kinds of things."""

from __future__ import annotations

_SAYS_NOTHING = """
    a able about above abre access accident actually affected after afternoon again ago ai al
    alguem alguien all alle almost already also always am an and another any anybody anyhow
    anymore anyone anything anyways ao appear appears ar are aren around arrive arrives as
    asap at au auch auf aus ausfall aux available avec avons away back bad bardzo be been
    before bei beim being below best bin bitte blank bonjour both broke broken but by caida
    caido can cannot cant carga carrega ce ces cet cette charge che check checked ciao click
    clicked clicks code com come comes con connect connected connecting connection connects
    consigo could couldn crash crashed crashes crashing d da danke dans das day days de dead
    dem den depuis der des desde did didn die disconnect disconnected disconnecting
    disconnects do does doesn doing don done dos down drop dropped dropping drops druckt du
    during dziala e each een eight ein eine einem einen einer either el elle else em en enter
    entered entering er erreur erro error errors es est esta estan et evening ever every
    everybody everyone everything fail failed failing fails failure fault fehler few find
    finds first five fonctionne for fora forever four freeze freezes freezing from frozen
    funciona funktionieren funktioniert funziona fur ganz ganze ganzen gateway geen gehen geht
    gestern get gets getting give gli go goes going gone good got gracias grazie ha hab habe
    haben had half hallo han hang hanging hangs hangt happen happens has hasn hat have haven
    having he hello help her here het heute hey hi him his hola hour hours how however hung i
    ich iemand if ihr ik il ils im impossible in instead internal into is isn issue issues ist
    it its itself je jemand jest just kann keep keeps kein keine kept konnen l la ladt lag
    lagging laggy langsam las lasst last later le least lent lente lento les let like ll lo
    load loaded loading loads log logging login logon long longer look looks los lost lot ma
    made make makes mam many marche mas may maybe me mean mehr mein meine meinem merci mes
    message messages met meu mi mia might mijn min minha minor minute minutes mio mis mit
    moment mon more morgen morning most much must my n nach nadie nao nas ne need needs nel
    nella never new nicht nie niemand niet night nine ninguem no nobody noch non none noon
    nope nor nos nosso not nothing notre nous now nuestro nur o obrigado od oder of off
    offline offnen often ok okay ola on once one online only ont onze open opened opening
    opens or os other others ou our out outage ouvrir over own panne par para pas people per
    personne please pls plus por possible pour print printing prints problem problems prosze
    puedo quelqu re reach reachable read ready really receive received receiving refresh
    refreshed reload reloaded repond respond responde responding responds response restart
    restarted restarting right run running runs same save saved saves saving saw say says
    schon search second see seem seems seen seit send sending sends sent service seven she
    should show shows si sich sie sign signin since sind sinds six slow slowly so sobre some
    somebody someone something son sont spin spinning spins stand stands start started startet
    starts status steht still stop stopped stops storing stuck su such suddenly sur sure sus
    svp take takes tell ten than thank thanks that the their them then there these they thing
    things think this those three through till time timed timeout timeouts times to todas
    today todo todos together told tonight too tous tout toute tried tries trouble try trying
    tu tudo twice two u uber uma un una unable unas unavailable und under une uno unos
    unreachable unser unsere unter until up update urgent us use used user users using van ve
    verbinden very visible vom von voor vor votre vous wait waiting want wants war warum was
    wasn way we week weg well went wer were werkt what whatever when where which while who
    whole why wie wieder wij will wir with within wo won wont work worked working works would
    wouldn y yes yesterday yet yo you your yours zum zur
"""

SAYS_NOTHING = frozenset(_SAYS_NOTHING.split())
"""Words that tell neither what nor where: of grammar, courtesy, time, and of every fault."""

_GENERIC = """
    account anwendung app application apps area battery browser building bureau buro cable
    card certificate charger client cloud company compte computador computer connection
    console conta cuenta customer dashboard data datei department desk desktop device display
    dock docking document documents download drive employee entire entrance equipment
    escritorio etage feature file files floor folder function gate gerat group hall headset
    home item keyboard konto laptop laptops line link list lists location machine mailbox
    manager meeting menu mobile module monitor mot mouse name notification office oficina
    ordenador ordinateur page pages pagina part passe password passwort pc phone pin place
    platform portal print profile program project queue rechner rede report room screen seite
    server serveur servidor session shared shift side sistema site software sound station
    stock system systems tab team telephone text tool tools upload version web webcam website
    window windows workstation zone
"""

GENERIC = frozenset(_GENERIC.split())
"""Kinds of things and of places: to have one in common says little."""

_PERSONAL = """
    account battery charger compte computador computer conta cuenta display dock docking
    headset keyboard konto laptop monitor mouse ordenador ordinateur password passwort pc
    phone pin profile rechner screen station webcam
"""

PERSONAL = frozenset(_PERSONAL.split())
"""Things that each has one of: that two are broken is no disturbance."""
